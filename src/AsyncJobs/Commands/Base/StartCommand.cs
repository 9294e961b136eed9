namespace AsyncJobs;

/// <summary>A cmdlet that starts tasks: what can be said of a task whatever its work.</summary>
public abstract class StartCommand : LoopCommand
{
    private TaskOptions? _options;
    private StartedTasks? _started;

    /// <summary>A name for the tasks, for Get-AsyncTask and messages.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How many of the tasks started by this command may run at once; no limit unless given.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>A semaphore that each task holds while it runs.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncSemaphore>))]
    public AsyncSemaphore? Semaphore { get; set; }

    /// <summary>A rate limiter that lets each task through before it runs.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncRateLimiter>))]
    public AsyncRateLimiter? RateLimiter { get; set; }

    /// <summary>What is said of every task of this command.</summary>
    private protected TaskOptions Options => _options ??= MakeOptions();

    /// <summary>Starts a native operation and returns its task; writing it is the cmdlet's.</summary>
    /// <param name="work">The operation; it is called on this thread, so one that blocks first must leave it.</param>
    /// <param name="input">The pipeline object it is for: the target of its error.</param>
    /// <param name="streams">Where its records go; null where it has none.</param>
    private protected AsyncTask StartIO(TaskWork work, object? input, TaskStreams? streams = null)
    {
        ThrowIfGroupIsClosed();
        return Session.Runner.Start(AsyncTaskKind.IO, work, Options, input, streams);
    }

    /// <summary>
    /// Writes a task that this command has started. Where its pipeline is stopped, by Ctrl+C or because a later command has
    /// had enough, the tasks written until then are stopped, too: nobody is left to wait for them.
    /// </summary>
    private protected void WriteStarted(AsyncTask task)
    {
        if (!MyInvocation.ExpectingInput && MyInvocation.PipelinePosition == MyInvocation.PipelineLength)
        {
            WriteObject(task);
            return;
        }

        if (_started is null)
        {
            _started = new StartedTasks();
            Session.Starters.Add(this);
        }

        _started.Add(task);
        try
        {
            WriteObject(task);
        }
        catch (Exception exception) when (exception is PipelineStoppedException or FlowControlException)
        {
            StopAwaited();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _started is not null)
        {
            Session.Starters.Remove(this);
            if (_started.AnyPending && IsInterrupted)
            {
                StopAwaited();
            }
            else if (_started.AnyPending && Session.CurrentStep is ISuspendingStep { Request: { } wait })
            {
                // A coroutine goes on with the wait when this pipeline is over.
                wait.StopStarted += StopAwaited;
            }
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    private protected override void StopAwaited() => _started?.StopAll("the pipeline that started it was stopped");

    /// <summary>Where the group takes no more tasks the script ends, as at a failed wait: it is being stopped.</summary>
    private protected void ThrowIfGroupIsClosed()
    {
        try
        {
            Options.Group?.ThrowIfClosed();
        }
        catch (InvalidStateException exception)
        {
            Throw(ErrorRecords.ForException(exception, Options.Group));
        }
    }

    // A later command of the pipeline, but Out-Null, gets the tasks.
    private bool AreDiscarded => MyInvocation.PipelineLength - MyInvocation.PipelinePosition <= 1
        && !StreamParameters.NameVariables(MyInvocation.BoundParameters)
        && Session.Runspace.Debugger?.GetCallStack().FirstOrDefault()?.Position?.Text is { } statement
        && DiscardedOutput.Is(statement, MyInvocation.InvocationName);

    /// <summary>Reads the parameters, once.</summary>
    private protected virtual TaskOptions MakeOptions() => new()
    {
        Name = Name,
        Origin = Origin,
        Command = MyInvocation.MyCommand.Name,
        AreDiscarded = AreDiscarded,
        Throttle = ThrottleLimit == 0 ? null : new AsyncSemaphore(ThrottleLimit),
        RateLimiter = RateLimiter,
        Semaphore = Semaphore,
        Group = Session.GroupContext.Group,
    };
}
