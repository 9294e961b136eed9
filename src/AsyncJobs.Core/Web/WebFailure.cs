using System.Net.Sockets;

namespace AsyncJobs.Core.Web;

/// <summary>Turns what the handler throws into the exception that says what happened.</summary>
internal static class WebFailure
{
    private const string InvalidAnswer = "the answer is not valid HTTP";

    /// <summary>The exception for a failed exchange with the server.</summary>
    /// <param name="where">What was asked, as a message shows it.</param>
    /// <param name="uri">The address of that, for the exception.</param>
    /// <param name="exception">What the handler or a read threw.</param>
    /// <param name="hasAnswer">Whether headers had come.</param>
    public static WebRequestException Of(string where, Uri uri, Exception exception, bool hasAnswer)
    {
        HttpRequestError error = ErrorOf(exception);
        (string id, string what) = error switch
        {
            HttpRequestError.NameResolutionError => (WebRequestException.NameNotResolved, "the host name could not be resolved"),
            HttpRequestError.SecureConnectionError => (WebRequestException.ResponseFailed, "the SSL connection could not be established"),
            HttpRequestError.ResponseEnded => (WebRequestException.ResponseEnded, Ended(hasAnswer)),
            HttpRequestError.InvalidResponse when exception is InvalidDataException => (WebRequestException.ResponseInvalid, "the answer cannot be read"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded =>
                (WebRequestException.ResponseInvalid, InvalidAnswer),
            HttpRequestError.ConnectionError => (WebRequestException.ConnectionFailed, "the connection failed"),
            HttpRequestError.ProxyTunnelError => (WebRequestException.ConnectionFailed, "the proxy made no connection"),

            // Whatever else there is lies with the answer, once there is one; else with the request: to send it again would not help.
            _ when hasAnswer => (WebRequestException.ResponseInvalid, InvalidAnswer),
            _ => (WebRequestException.RequestInvalid, "the request cannot be sent"),
        };

        // It takes the place of the handler's own exception, so that its cause is where scripts for the built-in cmdlets look for it.
        Exception? cause = exception is HttpRequestException ? exception.InnerException : exception;
        return new WebRequestException(error, id, $"{where}: {what}. {Cause(exception)}", cause) { Uri = uri };
    }

    /// <summary>Whether the server closed or reset a connection that stood.</summary>
    public static bool IsLostConnection(Exception exception) => ErrorOf(exception) == HttpRequestError.ResponseEnded;

    private static HttpRequestError ErrorOf(Exception exception) => exception switch
    {
        // A reset of a connection that stood is reported as unknown, with an IOException inside.
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } => HttpRequestError.ResponseEnded,
        HttpRequestException failed => failed.HttpRequestError,
        HttpIOException failed => failed.HttpRequestError,
        InvalidDataException => HttpRequestError.InvalidResponse,
        IOException => HttpRequestError.ResponseEnded,
        _ => HttpRequestError.Unknown,
    };

    private static string Ended(bool hasAnswer) =>
        hasAnswer ? "the server closed the connection before the body was complete" : "the server closed the connection without an answer";

    /// <summary>
    /// The message that names the cause: the innermost, but that of a connection, which says to whom (a proxy's differs from
    /// the host's).
    /// </summary>
    private static string Cause(Exception exception)
    {
        Exception cause = exception;
        while (cause.InnerException is { } inner and not SocketException)
        {
            cause = inner;
        }

        return cause.Message;
    }
}
