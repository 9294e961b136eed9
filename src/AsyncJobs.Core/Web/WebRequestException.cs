namespace AsyncJobs;

/// <summary>A request got no answer, or not the whole of it; <see cref="ErrorId"/> tells why.</summary>
#pragma warning disable CA1032 // Made by the web engine alone, which always knows the reason.
public sealed class WebRequestException : HttpRequestException, IHasErrorId
#pragma warning restore CA1032
{
    internal const string ConnectionFailed = "WebConnectionFailed";
    internal const string NameNotResolved = "WebNameNotResolved";
    internal const string CertificateInvalid = "WebCertificateInvalid";
    internal const string SecureConnectionFailed = "WebSecureConnectionFailed";
    internal const string ResponseEnded = "WebResponseEnded";
    internal const string ResponseInvalid = "WebResponseInvalid";

    internal WebRequestException(HttpRequestError error, string errorId, string message, Exception cause)
        : base(error, message, cause) => ErrorId = errorId;

    /// <inheritdoc/>
    public string ErrorId { get; }
}
