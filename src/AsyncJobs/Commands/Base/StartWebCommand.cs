using System.Collections;
using System.Runtime.InteropServices;

namespace AsyncJobs;

/// <summary>What the two web cmdlets share: their parameters, and how they become requests.</summary>
public abstract class StartWebCommand : StartCommand
{
    // Two sets, so that a plain address is not searched for a property OutFile, which costs more than starting its task.
    private protected const string ByAddress = "Address";
    private const string ByObject = "Object";

    private static readonly string DefaultUserAgent =
        $"AsyncJobs/{typeof(StartWebCommand).Assembly.GetName().Version?.ToString(3)} ({RuntimeInformation.OSDescription})";

    private WebRequest? _request;
    private TaskWork? _work;
    private Func<WebReply, object?>? _makeResult;

    /// <summary>The address; one without a scheme is taken for http. One that cannot be read fails its own task.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByAddress)]
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [AllowNull]
    [AllowEmptyString]
    [UriText]
    public string? Uri { get; set; }

    /// <summary>The method; GET unless given.</summary>
    [Parameter]
    [ValidateSet("Default", "Get", "Head", "Post", "Put", "Delete", "Trace", "Options", "Merge", "Patch")]
    public string Method { get; set; } = "Default";

    /// <summary>A method that -Method does not know.</summary>
    [Parameter]
    [Alias("CM")]
    [ValidateNotNullOrEmpty]
    public string? CustomMethod { get; set; }

    /// <summary>Headers by name.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Headers { get; set; }

    /// <summary>The body: text, bytes, a stream, XML, or a dictionary, which is the query of a GET and a form otherwise.</summary>
    [Parameter]
    public object? Body { get; set; }

    /// <summary>The type of the body; its charset is what text is encoded in.</summary>
    [Parameter]
    public string? ContentType { get; set; }

    /// <summary>How the request names its sender.</summary>
    [Parameter]
    public string? UserAgent { get; set; }

    /// <summary>
    /// The file for the body. It takes its name when it is whole. With many addresses give a script block, in which $_
    /// is the address, or a property of the input.
    /// </summary>
    [Parameter(ParameterSetName = ByAddress)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>The result as well as the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Seconds for each attempt as a whole, body included; 0, the default, for no such limit.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <summary>
    /// Seconds until the headers of the answer are there; 100 unless given, and 15 of them for connecting. 0 for no limit.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double ConnectionTimeoutSeconds { get; set; }

    /// <summary>Seconds that the body may stall; 60 unless given. 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double OperationTimeoutSeconds { get; set; }

    /// <summary>Takes any status for a success.</summary>
    [Parameter]
    public SwitchParameter SkipHttpErrorCheck { get; set; }

    /// <summary>Takes any certificate of the server.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>How often a request is tried again after status 429 or 503, a lost or refused connection, or a time-out.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumRetryCount { get; set; }

    /// <summary>Seconds before the second attempt, where the server does not say itself; 5 unless given.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double RetryIntervalSec { get; set; } = 5;

    /// <summary>How that wait grows with each further attempt.</summary>
    [Parameter]
    public BackoffKind Backoff { get; set; } = BackoffKind.Exponential;

    /// <summary>Tries POST, PATCH and custom methods again too, which a server may then carry out twice.</summary>
    [Parameter]
    public SwitchParameter RetryNonIdempotent { get; set; }

    /// <summary>Reads the parameters that all requests share, once.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        HttpMethod method = CustomMethod is not null ? new HttpMethod(CustomMethod.ToUpperInvariant())
            : Method.Equals("Default", StringComparison.OrdinalIgnoreCase) ? HttpMethod.Get
            : HttpMethod.Parse(Method.ToUpperInvariant());
        RequestBody? body = RequestBody.Of(Body, ContentType, method);
        _request = new WebRequest
        {
            Address = null,
            Method = method,
            Headers = ReadHeaders(),
            Query = body?.Query ?? "",
            CreateContent = body?.CreateContent,
            Timeouts = ReadTimeouts(),
            Retry = new RetryPolicy(MaximumRetryCount, TimeSpan.FromSeconds(RetryIntervalSec), Backoff),
            RetriesNonIdempotent = RetryNonIdempotent,
            AcceptsAnyStatus = SkipHttpErrorCheck,
            SkipsCertificateCheck = SkipCertificateCheck,
            KeepsBody = PassThru,
        };
        _makeResult = MakeResult;
        _work = SendTo;
    }

    /// <summary>Starts one request. All that can wait is done on the thread pool: this thread has more to start.</summary>
    protected override void ProcessRecord()
    {
        if (OutFile is null)
        {
            WriteStarted(StartIO(_work!, Uri));
            return;
        }

        WriteStarted(StartIO(SendToFile(), Uri));
    }

    /// <summary>Makes the task's result of an answer; on a pool thread.</summary>
    private protected abstract object? MakeResult(WebReply reply);

    // One delegate for all tasks: the address is the task's input.
    private Task<object?> SendTo(AsyncTask task, CancellationToken stop) =>
        WebExchange.RunAsync(WebClientPool.Shared, _request! with { Address = (string?)task.InputObject }, _makeResult!, task, stop);

    private TaskWork SendToFile()
    {
        string path;
        try
        {
            // Relative to where the script is now, not where it will be when the answer comes.
            path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(OutFile, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem")
            {
                throw new ArgumentException($"'{OutFile}' is of the provider {provider.Name}; -OutFile takes a file of the file system.");
            }
        }
        catch (Exception exception) when (exception is ArgumentException or SessionStateException or ProviderInvocationException)
        {
            // Of this task alone: the others have files of their own.
            return (_, _) => Task.FromException<object?>(exception);
        }

        WebRequest request = _request! with { Address = Uri, OutFile = path };
        Func<WebReply, object?> makeResult = PassThru ? _makeResult! : static _ => TaskOutput.None;
        return (task, stop) => WebExchange.RunAsync(WebClientPool.Shared, request, makeResult, task, stop);
    }

    private List<KeyValuePair<string, string>> ReadHeaders()
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (Headers is not null)
        {
            foreach (DictionaryEntry header in Headers)
            {
                headers.Add(KeyValuePair.Create(header.Key.ToString()!, LanguagePrimitives.ConvertTo<string>(header.Value)));
            }
        }

        if (UserAgent is not null || !headers.Exists(header => header.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)))
        {
            headers.RemoveAll(header => header.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase));
            headers.Add(KeyValuePair.Create("User-Agent", UserAgent ?? DefaultUserAgent));
        }

        foreach ((string name, string value) in headers)
        {
            if (!WebRequest.IsValidHeader(name, value))
            {
                ThrowTerminatingError(ErrorRecords.InvalidArgument(
                    $"'{name}: {value}' cannot be sent as a header: a name is one word, and a value one line.",
                    ErrorIds.InvalidArgument,
                    Headers));
            }
        }

        return headers;
    }

    private WebTimeouts ReadTimeouts()
    {
        WebTimeouts limits = WebTimeouts.Default;
        if (MyInvocation.BoundParameters.ContainsKey(nameof(ConnectionTimeoutSeconds)))
        {
            TimeSpan headers = Limit(ConnectionTimeoutSeconds);
            limits = limits with
            {
                Headers = headers,
                Connect = headers == Timeout.InfiniteTimeSpan || headers < limits.Connect ? headers : limits.Connect,
            };
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(OperationTimeoutSeconds)))
        {
            limits = limits with { BodyIdle = Limit(OperationTimeoutSeconds) };
        }

        return limits with { Total = Limit(TimeoutSec) };
    }

    private static TimeSpan Limit(double seconds) => seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}
