using System.Globalization;

namespace AsyncJobs.Core.Web;

/// <summary>The server answered with a status that is no success; PowerShell has a type of its own for that.</summary>
#pragma warning disable CA1064 // Never leaves the module.
internal sealed class WebStatusException : HttpRequestException, IHasErrorId
#pragma warning restore CA1064
{
    /// <param name="reply">The answer.</param>
    /// <param name="note">What more there is to say; may be empty.</param>
    public WebStatusException(WebReply reply, string note)
        : base(Describe(reply, note), inner: null, reply.Message.StatusCode) => Response = reply.Keep();

    /// <summary>The answer, with its body in memory.</summary>
    public HttpResponseMessage Response { get; }

    /// <summary>The id of the built-in cmdlets.</summary>
    public string ErrorId => WebRequestException.ResponseFailed;

    private static string Describe(WebReply reply, string note) => string.Create(
        CultureInfo.InvariantCulture,
        $"Response status code does not indicate success: {(int)reply.Message.StatusCode} ({reply.Message.ReasonPhrase}). "
            + $"{reply.Where}{note}");
}
