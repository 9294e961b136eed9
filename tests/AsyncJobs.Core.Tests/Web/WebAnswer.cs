namespace AsyncJobs.Core.Tests.Web;

/// <summary>What the tests look at of an answer.</summary>
internal sealed record WebAnswer(
    int StatusCode, string StatusDescription, HttpResponseMessage Message, string Content, int RawContentLength, int Attempts, string? OutFile)
{
    public string Method => Message.RequestMessage!.Method.Method;

    public Uri? RequestUri => Message.RequestMessage!.RequestUri;

    public static WebAnswer Of(WebReply reply) => new(
        (int)reply.Message.StatusCode,
        reply.Message.ReasonPhrase ?? "",
        reply.Keep(),
        reply.DecodeBody(),
        reply.Body.Length,
        reply.Attempts,
        reply.OutFile);
}
