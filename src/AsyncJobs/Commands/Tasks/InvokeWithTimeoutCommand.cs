namespace AsyncJobs;

/// <summary>
/// Invoke-WithTimeout: waits for a block or task so long and no longer (asyncio's <c>wait_for</c>). Past the time the
/// work is cancelled and has ended before TimeoutException is thrown.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "WithTimeout", DefaultParameterSetName = BlockSeconds)]
[Suspends]
[OutputType(typeof(object))]
public sealed class InvokeWithTimeoutCommand : WaitCommand
{
    private const string BlockSeconds = "ScriptBlockSeconds";
    private const string BlockTimeSpan = "ScriptBlockTimeSpan";
    private const string TaskSeconds = "TaskSeconds";
    private const string TaskTimeSpan = "TaskTimeSpan";

    private Future? _work;

    /// <summary>The limit in seconds. Zero or less is over already: only what is done gives its result.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BlockSeconds)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TaskSeconds)]
    [ValidateRange(-SecondsRange.Longest, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <summary>The limit; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BlockTimeSpan)]
    [Parameter(Mandatory = true, ParameterSetName = TaskTimeSpan)]
    [Seconds]
    public TimeSpan Timeout { get; set; }

    /// <summary>What to run: a task of its own, a coroutine if it suspends, else on a pooled runspace.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = BlockSeconds)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = BlockTimeSpan)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>Positional arguments of the block.</summary>
    [Parameter(ParameterSetName = BlockSeconds)]
    [Parameter(ParameterSetName = BlockTimeSpan)]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>A task, future, .NET task or job that is under way.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TaskSeconds)]
    [Parameter(Mandatory = true, ParameterSetName = TaskTimeSpan)]
    [AllowNull]
    [ArgumentCompleter(typeof(VariableCompleter<Future>))]
    public object? Task { get; set; }

    /// <inheritdoc/>
    private protected override bool ReportsFirst => Task is null;

    /// <summary>Runs or takes the work, waits, and writes what it wrote.</summary>
    protected override void EndProcessing()
    {
        TimeSpan limit = ParameterSetName is BlockSeconds or TaskSeconds ? TimeSpan.FromSeconds(TimeoutSec) : Timeout;
        bool isLimited = limit != System.Threading.Timeout.InfiniteTimeSpan;
        if (isLimited && limit <= TimeSpan.Zero && ScriptBlock is not null)
        {
            // As in asyncio, what would be late from the start does not start.
            Throw(ErrorRecords.ForException(TaskTimeoutException.ForWait("The block", limit), ScriptBlock));
        }

        // The time begins with the work's first step, which runs here.
        WaitLimit? waitLimit = isLimited ? new WaitLimit(Session.Loop, limit) : null;
        Future work = TakeWork();
        AttachStreams(work);
        work.MarkObserved();
        if (!ReportsFirst)
        {
            Diagnostics.UnobservedFailures.ReportTo(this);
        }

        _work = IsSuspending ? null : work;
        Await(MakeRequest(work, limit, waitLimit));
    }

    /// <summary>Ctrl+C cancels the work.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopAwaited();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    private protected override void StopAwaited()
    {
        _work?.Cancel("the wait was stopped");
        _work = null;
    }

    private WaitRequest MakeRequest(Future work, TimeSpan limit, WaitLimit? waitLimit)
    {
        bool isCanceled = false;
        return WithStreams(new WaitRequest
        {
            Until = work,
            For = work,
            Limit = waitLimit,
            WhenLate = () => work.Cancel($"its limit of {limit.TotalSeconds:0.###} s has passed"),
            Ending = WaitCompletion.All | (waitLimit is null ? 0 : WaitCompletion.Limited),
            Cancel = reason =>
            {
                bool isReached = work.Cancel(reason);
                isCanceled |= isReached;
                return isReached;
            },
            Otherwise = command =>
            {
                _work = null;

                // Work that swallowed the cancellation and returned gives its result; one stopped by somebody else stays stopped.
                if (waitLimit is { IsLate: true } && !isCanceled && work.IsCanceled)
                {
                    command.WriteOutput(work);
                    Throw(ErrorRecords.ForException(TaskTimeoutException.ForWait(work.ToString(), limit), work));
                }

                command.WriteOutcome(work);
            },
        });
    }

    private Future TakeWork()
    {
        var options = new TaskOptions { Origin = Origin, Command = ScriptBlock is null ? null : BriefText.Of(ScriptBlock) };
        if (ScriptBlock is { } block)
        {
            var starter = new BlockStarter(this, Session, block, ArgumentList, initialization: null, () => new ScriptSource(this, block, ArgumentList));
            return (starter.IsForLoop
                ? starter.PrepareCoroutine(options)
                : starter.PrepareThread(options with { Place = ThreadTaskPool.Of(Session).Places }))(this);
        }

        if (!Awaitables.TryAdapt(Session, Task, options, out Future? future))
        {
            ThrowTerminatingError(ErrorRecords.NotAwaitable(Task));
        }

        return future!;
    }
}
