using System.Globalization;
using System.Net;

namespace AsyncJobs;

/// <summary>The server answered with a status that is no success.</summary>
public sealed class WebStatusException : HttpRequestException, IHasErrorId
{
    internal WebStatusException(WebResponse response)
        : base(Describe(response), inner: null, (HttpStatusCode)response.StatusCode) => Response = response;

    /// <summary>The answer, with its headers and body.</summary>
    public WebResponse Response { get; }

    /// <summary>What the server calls its status.</summary>
    public string ReasonPhrase => Response.StatusDescription;

    /// <inheritdoc/>
    public string ErrorId => "WebResponseStatus";

    private static string Describe(WebResponse response) => string.Create(
        CultureInfo.InvariantCulture,
        $"Response status code does not indicate success: {response.StatusCode} ({response.StatusDescription}). "
            + $"{response.Method} {response.RequestUri}");
}
