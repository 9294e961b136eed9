namespace Microsoft.PowerShell.Commands;

public class WebResponseObject
{
    public WebResponseObject(HttpResponseMessage response, Stream? contentStream, TimeSpan perReadTimeout, CancellationToken cancellationToken)
    {
    }

    public string? RawContent { get; }
}
