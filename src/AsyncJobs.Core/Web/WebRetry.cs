using System.Globalization;

namespace AsyncJobs.Core.Web;

/// <summary>Which failures of a request are worth another attempt, and when.</summary>
internal static class WebRetry
{
    /// <summary>A server that asks for a longer wait than this is not waited for: its answer is the task's failure.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private const int TooManyRequests = 429;

    public static bool IsTransientStatus(int status) => status is 408 or TooManyRequests or 500 or 502 or 503 or 504;

    /// <summary>The wait before the next attempt; null if there is to be none.</summary>
    /// <param name="failure">How the attempt failed.</param>
    /// <param name="policy">How long to wait where the server does not say.</param>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="now">The time, for a server that names a date.</param>
    public static TimeSpan? WaitAfter(Exception failure, RetryPolicy policy, int attempt, DateTimeOffset now) => failure switch
    {
        WebStatusException status when IsTransientStatus((int)status.Response.StatusCode) => RetryAfter(status.Response, now) switch
        {
            null => policy.JitteredDelayAfter(attempt),
            { } asked when asked <= LongestRetryAfter => asked,
            _ => null,
        },
        WebTimeoutException => policy.JitteredDelayAfter(attempt),
        WebRequestException { ErrorId: WebRequestException.ConnectionFailed or WebRequestException.ResponseEnded } =>
            policy.JitteredDelayAfter(attempt),
        _ => null,
    };

    /// <summary>How long every request to the host is to wait after this failure, if the server asked for that.</summary>
    public static TimeSpan? PauseAfter(Exception failure, DateTimeOffset now) =>
        failure is WebStatusException { Response: { StatusCode: (System.Net.HttpStatusCode)TooManyRequests } response }
            && RetryAfter(response, now) is { } asked && asked <= LongestRetryAfter
            ? asked
            : null;

    /// <summary>What the Retry-After header asks for, in seconds or as a date.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        string asked = values.First();
        if (double.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out double seconds))
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, 2 * LongestRetryAfter.TotalSeconds));
        }

        if (!DateTimeOffset.TryParse(asked, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
        {
            return null;
        }

        return date > now ? date - now : TimeSpan.Zero;
    }
}
