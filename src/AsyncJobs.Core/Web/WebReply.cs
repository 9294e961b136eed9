namespace AsyncJobs.Core.Web;

/// <summary>An answer while its body is at hand; what is to outlive that is taken out by the function that makes the result.</summary>
/// <param name="message">The answer's head.</param>
/// <param name="body">The answer's body, in memory that is used again afterwards.</param>
/// <param name="attempts">How many attempts the request took.</param>
/// <param name="outFile">The file that took the body; null if none did.</param>
internal sealed class WebReply(HttpResponseMessage message, ReadOnlyMemory<byte> body, int attempts, string? outFile)
{
    public HttpResponseMessage Message => message;

    public ReadOnlyMemory<byte> Body => body;

    public int Attempts => attempts;

    public string? OutFile => outFile;

    public WebContentType ContentType => WebContentType.Of(message.Content);

    /// <summary>What was answered, as a message shows it.</summary>
    public string Where => $"{message.RequestMessage!.Method} {WebAddress.Show(message.RequestMessage.RequestUri!)}";

    /// <inheritdoc/>
    public override string ToString()
    {
        string what = body.IsEmpty ? "" : FormattableString.Invariant($", {body.Length} bytes");
        string type = ContentType.MediaType is { Length: > 0 } known ? $" of {known}" : "";
        string where = outFile is null ? "" : $", written to '{outFile}'";
        return FormattableString.Invariant($"{Where}: {(int)message.StatusCode} {message.ReasonPhrase}{what}{type}{where}");
    }

    public string DecodeBody() => body.IsEmpty ? "" : ContentType.Decode(body.Span, out _);

    /// <summary>The answer with a copy of its body, which outlives the connection.</summary>
    public HttpResponseMessage Keep()
    {
        if (message.Content is not WebBodyContent)
        {
            message.Content = new WebBodyContent(message.Content, body.ToArray());
        }

        return message;
    }
}
