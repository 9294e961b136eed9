namespace Microsoft.PowerShell.Commands;

// Without its own Content and Encoding, which only its constructor can set: to what derives from it, Content is the bytes.
public class BasicHtmlWebResponseObject(
    HttpResponseMessage response, Stream? contentStream, TimeSpan perReadTimeout, CancellationToken cancellationToken)
    : WebResponseObject(response, contentStream, perReadTimeout, cancellationToken)
{
    public WebCmdletElementCollection Links { get; } = null!;

    public WebCmdletElementCollection Images { get; } = null!;

    public WebCmdletElementCollection InputFields { get; } = null!;
}
