namespace AsyncJobs;

/// <summary>The answer to a request: status, headers and body.</summary>
public sealed class WebResponse
{
    private readonly WebContentType _contentType;
    private string? _content;
    private Stream? _stream;

    internal WebResponse(WebReply reply)
    {
        HttpResponseMessage message = reply.Message;
        _contentType = reply.ContentType;
        StatusCode = (int)message.StatusCode;
        StatusDescription = message.ReasonPhrase ?? "";
        HttpVersion = message.Version;
        Method = reply.Request.Method.Method;

        // After redirections it is the last one.
        RequestUri = message.RequestMessage?.RequestUri;
        Headers = HeadersOf(message);
        Bytes = reply.Body.ToArray();
        Attempts = reply.Attempts;
        OutFile = reply.Request.OutFile;
    }

    /// <summary>The status: 200 and so on.</summary>
    public int StatusCode { get; }

    /// <summary>What the server calls the status.</summary>
    public string StatusDescription { get; }

    /// <summary>The headers, those of the content among them. Names are found in any case.</summary>
    public IReadOnlyDictionary<string, string[]> Headers { get; }

    /// <summary>The body as text, by the charset of its header, else its byte order mark, else UTF-8.</summary>
    public string Content => _content ??= _contentType.Decode(Bytes);

    /// <summary>The body as it came, after decompression.</summary>
    public byte[] Bytes { get; }

    /// <summary>The length of <see cref="Bytes"/>.</summary>
    public long RawContentLength => Bytes.Length;

    /// <summary>The body as a stream.</summary>
    public Stream RawContentStream => _stream ??= new MemoryStream(Bytes, writable: false);

    /// <summary>The media type of the body; empty if the server named none.</summary>
    public string MediaType => _contentType.MediaType;

    /// <summary>The method that was sent.</summary>
    public string Method { get; }

    /// <summary>Where the answer came from, after redirections.</summary>
    public Uri? RequestUri { get; }

    /// <summary>The HTTP version the server spoke.</summary>
    public Version HttpVersion { get; }

    /// <summary>How many attempts the request took.</summary>
    public int Attempts { get; }

    /// <summary>The file that the body was written to, if it was.</summary>
    public string? OutFile { get; }

    /// <summary>Status and address.</summary>
    public override string ToString() => $"{StatusCode} {StatusDescription} {RequestUri}";

    private static Dictionary<string, string[]> HeadersOf(HttpResponseMessage message)
    {
        var headers = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in message.Headers.NonValidated)
        {
            headers[header.Key] = [.. header.Value];
        }

        foreach (var header in message.Content.Headers.NonValidated)
        {
            headers[header.Key] = [.. header.Value];
        }

        return headers;
    }
}
