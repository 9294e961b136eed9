using System.Net;

namespace AsyncJobs.Core.Web;

/// <summary>A request: what to send, how long to wait, and what to make of failures. May be sent many times.</summary>
internal sealed record WebRequest
{
    /// <summary>As many as Invoke-WebRequest follows.</summary>
    public const int DefaultRedirections = 50;

    /// <summary>
    /// The address as it was given; it is read when the request is sent, so that a bad one fails there. Null for that which the
    /// task is for, so that all tasks of a command share a request.
    /// </summary>
    public required string? Address { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Added to the query of the address; encoded, without the question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>Headers as they are to be sent, those of the content among them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What makes the body, once for each time the request is sent; null for none.</summary>
    public Func<HttpContent>? CreateContent { get; init; }

    /// <summary>Whether what makes the body gives somebody's own content or stream, which is needed again.</summary>
    public bool KeepsContent { get; init; }

    /// <summary>Called once, when the request needs its body no more; null for nothing.</summary>
    public Action? WhenDone { get; init; }

    /// <summary>The cookies that are sent and kept; null for those of the request's own redirections alone.</summary>
    public CookieContainer? Cookies { get; init; }

    public WebConnection Connection { get; init; } = new();

    /// <summary>Whether the body comes as it is sent, and none is asked for that was compressed.</summary>
    public bool IsRaw { get; init; }

    /// <summary>The HTTP version that is asked for; null for 1.1.</summary>
    public Version? HttpVersion { get; init; }

    /// <summary>A transfer coding beside chunks; empty for chunks alone, null for none.</summary>
    public string? TransferEncoding { get; init; }

    /// <summary>Whether the connection is closed after the answer.</summary>
    public bool ClosesConnection { get; init; }

    /// <summary>Whether what is sent must not go unencrypted.</summary>
    public bool RequiresEncryption { get; init; }

    /// <summary>How many redirections are followed.</summary>
    public int MaximumRedirection { get; init; } = DefaultRedirections;

    /// <summary>Whether a redirection may lead from https to http.</summary>
    public bool AllowsInsecureRedirect { get; init; }

    /// <summary>Whether redirections get the header Authorization, too.</summary>
    public bool KeepsAuthorization { get; init; }

    /// <summary>Whether redirections keep the method where others make a GET of it.</summary>
    public bool KeepsMethod { get; init; }

    public WebTimeouts Timeouts { get; init; } = WebTimeouts.Default;

    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    /// <summary>Whether methods that a server may carry out twice (POST, PATCH, unknown ones) are tried again too.</summary>
    public bool RetriesNonIdempotent { get; init; }

    /// <summary>Whether any status is a success.</summary>
    public bool AcceptsAnyStatus { get; init; }

    /// <summary>Makes the host's exception of an answer whose status is no success; null for the engine's own.</summary>
    public Func<WebStatusException, Exception>? StatusFailure { get; init; }

    /// <summary>The full path of the file, or of the folder for it, that takes the body; null keeps it in memory.</summary>
    public string? OutFile { get; init; }

    /// <summary>Whether the file is gone on with where it ends.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether the body of the answer is wanted in memory although it goes to a file.</summary>
    public bool KeepsBody { get; init; }

    /// <summary>Told of each wait before the request is sent, on a pool thread; null for nobody.</summary>
    public Action<WebWait>? OnWait { get; init; }

    /// <summary>Makes an element of a line of JSON, where the answer is wanted as a stream; null where it is wanted whole.</summary>
    public Func<string, object?>? ConvertLine { get; init; }

    /// <summary>What takes the answer as a file that can be gone on with; null where something else does.</summary>
    public WebDownload? Download { get; init; }

    /// <summary>Whether a failed attempt may be followed by another.</summary>
    public bool MayRetry => Retry.MaximumRetryCount > 0 && (RetriesNonIdempotent || IsIdempotent(Method));

    /// <summary>Waits, so that others can see it.</summary>
    /// <param name="task">Shows the wait while it lasts; null if nobody does.</param>
    /// <param name="wait">The wait.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task WaitAsync(AsyncTask? task, WebWait wait, TimeProvider clock, CancellationToken stop)
    {
        OnWait?.Invoke(wait);
        if (task is null)
        {
            await Task.Delay(wait.Length, clock, stop).ConfigureAwait(false);
            return;
        }

        task.Wait = new WaitInfo(Place: null, wait);
        try
        {
            await Task.Delay(wait.Length, clock, stop).ConfigureAwait(false);
        }
        finally
        {
            task.Wait = null;
        }
    }

    /// <summary>
    /// The request for a further page that an answer names: as after a redirection without the header Authorization, and with
    /// credentials for the same place alone.
    /// </summary>
    /// <param name="own">Where the answer came from.</param>
    /// <param name="next">The address of the page.</param>
    public WebRequest ForPage(Uri own, string next)
    {
        WebRequest page = this with { Address = next, Query = "" };
        return page with
        {
            Connection = WebAddress.IsSamePlace(own, WebAddress.Parse(next)) ? Connection : Connection with { Credentials = null },
            Headers = KeepsAuthorization
                ? Headers
                : [.. Headers.Where(header => !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase))],
        };
    }

    public static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put || method == HttpMethod.Delete
        || method == HttpMethod.Options || method == HttpMethod.Trace;
}
