namespace AsyncJobs;

/// <summary>Start-AsyncRestMethod: sends a request and gives the content of the answer as objects, as Invoke-RestMethod does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncRestMethod", DefaultParameterSetName = ByAddress)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncRestMethodCommand : StartWebCommand
{
    private PSVariable? _headers;
    private PSVariable? _status;

    /// <summary>Asks for the page that an answer names as the next, too, and so on.</summary>
    [Parameter]
    [Alias("FL")]
    public SwitchParameter FollowRelLink { get; set; }

    /// <summary>How many pages at most.</summary>
    [Parameter]
    [Alias("ML")]
    [ValidateRange(1, int.MaxValue)]
    public int MaximumFollowRelLink { get; set; } = int.MaxValue;

    /// <summary>The variable that gets the headers of the answer.</summary>
    [Parameter]
    [Alias("RHV")]
    public string? ResponseHeadersVariable { get; set; }

    /// <summary>The variable that gets the status of the answer.</summary>
    [Parameter]
    public string? StatusCodeVariable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _headers = Variable(ResponseHeadersVariable);
        _status = Variable(StatusCodeVariable);
    }

    private protected override object? MakeResult(WebReply reply) => RestResult.Of(reply);

    private protected override object? ConvertLine(string line) => RestResult.OfLine(line);

    private protected override Task<object?> SendAsync(
        WebRequest request, Func<WebReply, object?> makeResult, AsyncTask task, CancellationToken stop)
    {
        if (_headers is not null || _status is not null)
        {
            Func<WebReply, object?> make = makeResult;
            makeResult = reply =>
            {
                object? result = make(reply);
                SetVariables(reply);
                return result;
            };
        }

        return FollowRelLink ? SendPagesAsync(request, makeResult, task, stop) : base.SendAsync(request, makeResult, task, stop);
    }

    private async Task<object?> SendPagesAsync(
        WebRequest request, Func<WebReply, object?> makeResult, AsyncTask task, CancellationToken stop)
    {
        var pages = new List<object?>();
        for (int page = 0; page < MaximumFollowRelLink; page++)
        {
            Uri? own = null;
            string? next = null;
            try
            {
                object? result = await base.SendAsync(
                    request,
                    reply =>
                    {
                        own = reply.Message.RequestMessage!.RequestUri;
                        next = WebLinks.Of(reply.Message).GetValueOrDefault("next");
                        return makeResult(reply);
                    },
                    task,
                    stop).ConfigureAwait(false);
                pages.AddRange(result is TaskOutput several ? several : [result]);
            }
            catch (Exception exception) when (pages.Count > 0)
            {
                throw new TaskFailedException(exception, detail: null, new TaskOutput(pages));
            }

            if (next is null)
            {
                break;
            }

            request = request.ForPage(own!, next);
        }

        return new TaskOutput(pages);
    }

    /// <summary>The variable of the caller, kept so that the task can set it when it has something.</summary>
    private PSVariable? Variable(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        SessionState.PSVariable.Set(name, null);
        return SessionState.PSVariable.Get(name);
    }

    private void SetVariables(WebReply reply)
    {
        if (_headers is not null)
        {
            _headers.Value = WebResponse.Bare(reply.Message).Headers;
        }

        if (_status is not null)
        {
            _status.Value = (int)reply.Message.StatusCode;
        }
    }
}
