using System.Net.Sockets;
using System.Security.Authentication;

namespace AsyncJobs.Core.Web;

/// <summary>Turns what the handler throws into the exception that says what happened.</summary>
internal static class WebFailure
{
    /// <summary>The exception for a failed exchange with the server.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="exception">What the handler or a read threw.</param>
    /// <param name="hasAnswer">Whether headers had come.</param>
    public static WebRequestException Of(WebRequest request, Exception exception, bool hasAnswer)
    {
        HttpRequestError error = exception switch
        {
            HttpRequestException failed => failed.HttpRequestError,
            HttpIOException failed => failed.HttpRequestError,
            InvalidDataException => HttpRequestError.InvalidResponse,
            IOException => HttpRequestError.ResponseEnded,
            _ => HttpRequestError.Unknown,
        };
        (string id, string what) = error switch
        {
            HttpRequestError.NameResolutionError => (WebRequestException.NameNotResolved, "the host name could not be resolved"),
            HttpRequestError.SecureConnectionError when exception.InnerException is CertificateRefusedException =>
                (WebRequestException.CertificateInvalid, "the server's certificate was refused"),
            HttpRequestError.SecureConnectionError =>
                (WebRequestException.SecureConnectionFailed, "no secure connection could be agreed upon"),
            HttpRequestError.ResponseEnded => (WebRequestException.ResponseEnded, Ended(hasAnswer)),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded =>
                (WebRequestException.ResponseInvalid, "the answer is not valid HTTP"),

            // A reset of a connection that stood is reported as unknown, with an IOException inside.
            HttpRequestError.Unknown when exception.InnerException is IOException => (WebRequestException.ResponseEnded, Ended(hasAnswer)),
            _ => (WebRequestException.ConnectionFailed, "the connection failed"),
        };
        return new WebRequestException(error, id, $"{request.Method} {request.Address}: {what}. {Innermost(exception)}", exception);
    }

    private static string Ended(bool hasAnswer) =>
        hasAnswer ? "the server closed the connection before the body was complete" : "the server closed the connection without an answer";

    /// <summary>The message that names the cause: that of the socket or of TLS, where there is one.</summary>
    private static string Innermost(Exception exception)
    {
        Exception cause = exception;
        while (cause.InnerException is { } inner && cause is not (SocketException or AuthenticationException))
        {
            cause = inner;
        }

        return cause.Message;
    }
}
