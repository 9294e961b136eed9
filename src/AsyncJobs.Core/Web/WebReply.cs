namespace AsyncJobs.Core.Web;

/// <summary>An answer while its body is at hand; what is to outlive that is taken out by the function that makes the result.</summary>
/// <param name="request">What was sent.</param>
/// <param name="message">The answer's head.</param>
/// <param name="body">The answer's body, in memory that is used again afterwards.</param>
/// <param name="attempts">How many attempts the request took.</param>
internal sealed class WebReply(WebRequest request, HttpResponseMessage message, ReadOnlyMemory<byte> body, int attempts)
{
    public WebRequest Request => request;

    public HttpResponseMessage Message => message;

    public ReadOnlyMemory<byte> Body => body;

    public int Attempts => attempts;

    public WebContentType ContentType => WebContentType.Of(message.Content);

    public string DecodeBody() => body.IsEmpty ? "" : ContentType.Decode(body.Span);
}
