using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

public static class JsonObject
{
    public static object? ConvertFromJson(string input, out ErrorRecord? error) => throw null!;
}
