namespace AsyncJobs.Core.Web;

/// <summary>A request: what to send, how long to wait, and what to make of failures. May be sent many times.</summary>
internal sealed record WebRequest
{
    /// <summary>The address as it was given; it is read when the request is sent, so that a bad one fails there.</summary>
    public required string? Address { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Added to the query of the address; encoded, without the question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>Headers as they are to be sent, those of the content among them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What makes the body, once for each attempt; null for none.</summary>
    public Func<HttpContent>? CreateContent { get; init; }

    public WebTimeouts Timeouts { get; init; } = WebTimeouts.Default;

    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    /// <summary>Whether methods that a server may carry out twice (POST, PATCH, unknown ones) are tried again too.</summary>
    public bool RetriesNonIdempotent { get; init; }

    /// <summary>Whether any status is a success.</summary>
    public bool AcceptsAnyStatus { get; init; }

    /// <summary>Whether any certificate of the server is taken.</summary>
    public bool SkipsCertificateCheck { get; init; }

    /// <summary>The full path of the file that takes the body; null keeps it in memory.</summary>
    public string? OutFile { get; init; }

    /// <summary>Whether the body of the answer is wanted in memory although it goes to a file.</summary>
    public bool KeepsBody { get; init; }

    /// <summary>Whether a failed attempt may be followed by another.</summary>
    public bool MayRetry => Retry.MaximumRetryCount > 0 && (RetriesNonIdempotent || IsIdempotent(Method));

    /// <summary>Whether a header can be sent, with the request or with its content.</summary>
    public static bool IsValidHeader(string name, string value)
    {
        using var message = new HttpRequestMessage { Content = new ByteArrayContent([]) };
        return value.AsSpan().IndexOfAny('\r', '\n', '\0') < 0
            && (message.Headers.TryAddWithoutValidation(name, value) || message.Content.Headers.TryAddWithoutValidation(name, value));
    }

    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put || method == HttpMethod.Delete
        || method == HttpMethod.Options || method == HttpMethod.Trace;
}
