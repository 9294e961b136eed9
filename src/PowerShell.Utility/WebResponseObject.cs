namespace Microsoft.PowerShell.Commands;

public class WebResponseObject
{
    public WebResponseObject(HttpResponseMessage response, Stream? contentStream, TimeSpan perReadTimeout, CancellationToken cancellationToken)
    {
    }

    public HttpResponseMessage BaseResponse { get; set; } = null!;

    public byte[]? Content { get; protected set; }

    public Dictionary<string, IEnumerable<string>> Headers { get; } = null!;

    public string? RawContent { get; protected set; }

    public MemoryStream RawContentStream { get; protected set; } = null!;
}
