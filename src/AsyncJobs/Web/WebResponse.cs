using System.Text;
using Microsoft.PowerShell.Commands;

namespace AsyncJobs;

/// <summary>
/// The answer to a request, with the members that Invoke-WebRequest's has. What costs something is made when it is asked
/// for.
/// </summary>
public sealed class WebResponse
{
    private readonly WebBodyContent _body;
    private readonly WebContentType _type;
    private Encoding? _encoding;
    private string? _text;
    private MemoryStream? _stream;
    private Dictionary<string, IEnumerable<string>>? _headers;
    private BasicHtmlWebResponseObject? _html;
    private string? _raw;

    internal WebResponse(WebReply reply)
    {
        BaseResponse = reply.Keep();
        _body = (WebBodyContent)BaseResponse.Content;
        _type = reply.ContentType;
        Attempts = reply.Attempts;
        OutFile = reply.OutFile;
    }

    /// <summary>The answer as .NET has it.</summary>
    public HttpResponseMessage BaseResponse { get; }

    /// <summary>The status: 200 and so on.</summary>
    public int StatusCode => (int)BaseResponse.StatusCode;

    /// <summary>The name of the status.</summary>
    public string StatusDescription => BaseResponse.StatusCode.ToString();

    /// <summary>The headers, those of the content among them. Names are found in any case.</summary>
    public Dictionary<string, IEnumerable<string>> Headers => _headers ??= HeadersOf(BaseResponse);

    /// <summary>
    /// The body: text where its type is one, by the charset of its header, else its byte order mark, else what the document
    /// declares, else UTF-8; bytes otherwise.
    /// </summary>
    public object Content => _type.IsText ? Text : Bytes;

    /// <summary>The body as it came, after decompression.</summary>
    public byte[] Bytes => _body.Bytes;

    /// <summary>How the text was decoded; null for bytes.</summary>
    public Encoding? Encoding => _type.IsText && Text is not null ? _encoding : null;

    /// <summary>The length of <see cref="Bytes"/>.</summary>
    public long RawContentLength => Bytes.Length;

    /// <summary>The body as a stream.</summary>
    public MemoryStream RawContentStream => _stream ??= new MemoryStream(Bytes, 0, Bytes.Length, writable: false, publiclyVisible: true);

    /// <summary>Status line, headers and body as text.</summary>
    public string? RawContent => _raw ??= _type.IsText ? Html.RawContent : Plain.RawContent;

    /// <summary>The links of an HTML page.</summary>
    public WebCmdletElementCollection Links => Html.Links;

    /// <summary>The images of an HTML page.</summary>
    public WebCmdletElementCollection Images => Html.Images;

    /// <summary>The input fields of an HTML page.</summary>
    public WebCmdletElementCollection InputFields => Html.InputFields;

    /// <summary>The addresses of the headers Link, by their relation.</summary>
    public Dictionary<string, string> RelationLink => WebLinks.Of(BaseResponse);

    /// <summary>The media type of the body; empty if the server named none.</summary>
    public string MediaType => _type.MediaType;

    /// <summary>The method that was sent; after redirections it may be another than was asked for.</summary>
    public string Method => BaseResponse.RequestMessage!.Method.Method;

    /// <summary>Where the answer came from, after redirections.</summary>
    public Uri? RequestUri => BaseResponse.RequestMessage!.RequestUri;

    /// <summary>The HTTP version the server spoke.</summary>
    public Version HttpVersion => BaseResponse.Version;

    /// <summary>How many attempts the request took.</summary>
    public int Attempts { get; }

    /// <summary>The file that the body was written to, if it was.</summary>
    public string? OutFile { get; }

    private string Text => _text ??= _type.Decode(Bytes, out _encoding);

    // PowerShell's own objects for a page and for bytes: what they make of a body is theirs to say.
    private BasicHtmlWebResponseObject Html => _html ??= new(BaseResponse, NewStream(), Timeout.InfiniteTimeSpan, CancellationToken.None);

    private WebResponseObject Plain => new(BaseResponse, NewStream(), Timeout.InfiniteTimeSpan, CancellationToken.None);

    /// <summary>For a parameter or variable of the built-in type.</summary>
    public static implicit operator WebResponseObject(WebResponse response) => response._type.IsText ? response.Html : response.Plain;

    /// <summary>For a parameter or variable of the built-in type for pages.</summary>
    public static implicit operator BasicHtmlWebResponseObject(WebResponse response) => response.Html;

    /// <summary>The body as text, as the built-in objects show it.</summary>
    public override string ToString() => Plain.ToString()!;

    /// <summary>The headers of an answer as Invoke-WebRequest gives them.</summary>
    internal static Dictionary<string, IEnumerable<string>> HeadersOf(HttpResponseMessage answer)
    {
        var headers = new Dictionary<string, IEnumerable<string>>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            headers[name] = values;
        }

        return headers;
    }

    private MemoryStream NewStream() => new(Bytes, writable: false);
}
