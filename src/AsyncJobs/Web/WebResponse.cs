using Microsoft.PowerShell.Commands;

namespace AsyncJobs;

/// <summary>The answer to a request, with a body that is no text: Invoke-WebRequest's, and what else is known of it.</summary>
public sealed class WebResponse : WebResponseObject
{
    // The constructors of the built-in objects copy a body several times over, as bytes, as text and as what is shown of it.
    // Ours begin with nothing, which costs next to nothing, and have each of these made when it is asked for. PowerShell finds
    // the members here; only what is compiled against the built-in types does not.
    internal static readonly HttpResponseMessage NoAnswer = new();
    internal static readonly MemoryStream NoBody = new();

    private string? _raw;

    internal WebResponse(WebReply reply)
        : base(NoAnswer, NoBody, Timeout.InfiniteTimeSpan, CancellationToken.None)
    {
        BaseResponse = reply.Keep();
        Content = Bytes;
        RawContentStream = new MemoryStream(Bytes, 0, Bytes.Length, writable: false, publiclyVisible: true);
        Attempts = reply.Attempts;
        OutFile = reply.OutFile;
    }

    /// <summary>Status line, headers and body as text.</summary>
    public new string RawContent => _raw ??= Bare(BaseResponse).RawContent + ToString();

    /// <summary>The addresses of the headers Link, by their relation.</summary>
    public Dictionary<string, string> RelationLink => WebLinks.Of(BaseResponse);

    /// <summary>The file that the body was written to, if it was.</summary>
    public string? OutFile { get; }

    /// <summary>The body as it came, after decompression.</summary>
    public byte[] Bytes => ((WebBodyContent)BaseResponse.Content).Bytes;

    /// <summary>The media type of the body; empty if the server named none.</summary>
    public string MediaType => WebContentType.Of(BaseResponse.Content).MediaType;

    /// <summary>The method that was sent; after redirections it may be another than was asked for.</summary>
    public string Method => BaseResponse.RequestMessage!.Method.Method;

    /// <summary>Where the answer came from, after redirections.</summary>
    public Uri? RequestUri => BaseResponse.RequestMessage!.RequestUri;

    /// <summary>The HTTP version the server spoke.</summary>
    public Version HttpVersion => BaseResponse.Version;

    /// <summary>How many attempts the request took.</summary>
    public int Attempts { get; }

    /// <summary>The built-in object of an answer without its body: the headers, and as text the status line with them.</summary>
    internal static WebResponseObject Bare(HttpResponseMessage answer) =>
        new(answer, NoBody, Timeout.InfiniteTimeSpan, CancellationToken.None);
}
