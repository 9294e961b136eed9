namespace Microsoft.PowerShell.Commands;

public class FileHashInfo
{
    public string Algorithm { get; set; } = null!;

    public string Hash { get; set; } = null!;

    public string? Path { get; set; }
}
