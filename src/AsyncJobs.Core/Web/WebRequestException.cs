namespace AsyncJobs;

/// <summary>A request got no answer, or not the whole of it; <see cref="ErrorId"/> tells why.</summary>
public sealed class WebRequestException : HttpRequestException, IHasErrorId
{
    internal const string ConnectionFailed = "WebConnectionFailed";
    internal const string NameNotResolved = "WebNameNotResolved";
    internal const string ResponseEnded = "WebResponseEnded";
    internal const string ResponseInvalid = "WebResponseInvalid";

    /// <summary>The request as it was asked for cannot be sent.</summary>
    internal const string RequestInvalid = "WebRequestInvalid";

    // Those of the built-in cmdlets.
    internal const string ResponseFailed = "WebCmdletWebResponseException";
    internal const string InsecureRedirection = nameof(InsecureRedirection);
    internal const string EncryptionRequired = "WebCmdletAllowUnencryptedAuthenticationRequiredException";

    internal WebRequestException(HttpRequestError error, string errorId, string message, Exception? cause = null)
        : base(error, message, cause) => ErrorId = errorId;

    /// <inheritdoc/>
    public string ErrorId { get; }

    /// <summary>What was asked: without user, password and query, any of which may be a secret.</summary>
    public Uri? Uri { get; internal init; }
}
