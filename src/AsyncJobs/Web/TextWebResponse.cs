using System.Text;
using Microsoft.PowerShell.Commands;

namespace AsyncJobs;

/// <summary>The answer to a request, with a body of text: Invoke-WebRequest's, and what else is known of it.</summary>
public sealed class TextWebResponse : BasicHtmlWebResponseObject
{
    private string? _text;
    private Encoding? _encoding;
    private string? _raw;
    private BasicHtmlWebResponseObject? _page;

    internal TextWebResponse(WebReply reply)
        : base(WebResponse.NoAnswer, WebResponse.NoBody, Timeout.InfiniteTimeSpan, CancellationToken.None)
    {
        BaseResponse = reply.Keep();
        base.Content = Bytes;
        RawContentStream = new MemoryStream(Bytes, 0, Bytes.Length, writable: false, publiclyVisible: true);
        Attempts = reply.Attempts;
        OutFile = reply.OutFile;
    }

    /// <summary>
    /// The body as text: by the charset of its header, else its byte order mark, else what the document declares, else UTF-8.
    /// </summary>
    public new string Content => _text ??= WebContentType.Of(BaseResponse.Content).Decode(Bytes, out _encoding);

    /// <summary>How the text was decoded.</summary>
    public Encoding? Encoding => Content is not null ? _encoding : null;

    /// <summary>Status line, headers and text.</summary>
    public new string RawContent => _raw ??= WebResponse.Bare(BaseResponse).RawContent + Content;

    /// <summary>The links of an HTML page.</summary>
    public new WebCmdletElementCollection Links => Page.Links;

    /// <summary>The images of an HTML page.</summary>
    public new WebCmdletElementCollection Images => Page.Images;

    /// <summary>The input fields of an HTML page.</summary>
    public new WebCmdletElementCollection InputFields => Page.InputFields;

    /// <inheritdoc cref="WebResponse.RelationLink"/>
    public Dictionary<string, string> RelationLink => WebLinks.Of(BaseResponse);

    /// <inheritdoc cref="WebResponse.OutFile"/>
    public string? OutFile { get; }

    /// <inheritdoc cref="WebResponse.Bytes"/>
    public byte[] Bytes => ((WebBodyContent)BaseResponse.Content).Bytes;

    /// <inheritdoc cref="WebResponse.MediaType"/>
    public string MediaType => WebContentType.Of(BaseResponse.Content).MediaType;

    /// <inheritdoc cref="WebResponse.Method"/>
    public string Method => BaseResponse.RequestMessage!.Method.Method;

    /// <inheritdoc cref="WebResponse.RequestUri"/>
    public Uri? RequestUri => BaseResponse.RequestMessage!.RequestUri;

    /// <inheritdoc cref="WebResponse.HttpVersion"/>
    public Version HttpVersion => BaseResponse.Version;

    /// <inheritdoc cref="WebResponse.Attempts"/>
    public int Attempts { get; }

    // PowerShell's own reading of a page, of the text as it was decoded here.
    private BasicHtmlWebResponseObject Page => _page ??= ReadPage(Content);

    private static BasicHtmlWebResponseObject ReadPage(string text)
    {
        var page = new HttpResponseMessage { Content = new StringContent(text) };
        return new(page, page.Content.ReadAsStream(), Timeout.InfiniteTimeSpan, CancellationToken.None);
    }
}
