namespace Microsoft.PowerShell.Commands;

public class BasicHtmlWebResponseObject(
    HttpResponseMessage response, Stream? contentStream, TimeSpan perReadTimeout, CancellationToken cancellationToken)
    : WebResponseObject(response, contentStream, perReadTimeout, cancellationToken)
{
    public WebCmdletElementCollection Links { get; } = null!;

    public WebCmdletElementCollection Images { get; } = null!;

    public WebCmdletElementCollection InputFields { get; } = null!;
}
