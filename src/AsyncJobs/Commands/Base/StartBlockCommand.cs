namespace AsyncJobs;

/// <summary>A cmdlet that starts tasks from a script block.</summary>
public abstract class StartBlockCommand : TimeLimitedStartCommand
{
    private static readonly string[] SuspendingNames = ["await", "async"];

    private BlockStarter? _starter;
    private bool? _runsOnLoop;

    /// <summary>Runs the block on the loop, as a coroutine, whether or not it awaits.</summary>
    [Parameter]
    public SwitchParameter OnLoop { get; set; }

    /// <summary>Runs the block on a thread of its own, even if it awaits.</summary>
    [Parameter]
    public SwitchParameter OnThread { get; set; }

    /// <summary>How often a failed task is tried again.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumRetryCount { get; set; }

    /// <summary>Seconds before the second attempt.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double RetryIntervalSec { get; set; } = 1;

    /// <summary>How the wait between attempts grows; each is up to a quarter shorter or longer, at random.</summary>
    [Parameter]
    public BackoffKind Backoff { get; set; }

    /// <summary>The block, where there is one and no file.</summary>
    private protected abstract ScriptBlock? Block { get; }

    /// <summary>Where what the tasks write with Write-Host goes at once; null to keep it for who waits.</summary>
    private protected virtual StreamingHost? StreamingTo => null;

    /// <summary>Whether a task runs in this process.</summary>
    private protected virtual bool IsLocal => true;

    // A look at the text that is good enough to begin with; what a block is is found out when the first task starts.
    private bool LooksBlocking =>
        OnThread || Block is not { } block
            || !SuspendingNames.Any(name => block.Ast.Extent.Text.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Has a runspace opened while the pipeline is still being set up.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (IsLocal && !OnLoop && LooksBlocking)
        {
            ThreadTaskPool.Of(Session).Prepare();
        }
    }

    /// <summary>Starts one task: on the loop if its block suspends, else on a pooled runspace.</summary>
    /// <inheritdoc cref="PrepareBlock"/>
    private protected AsyncTask StartBlock(object?[]? arguments, bool hasInput, object? input, AsyncTaskJob? job = null)
    {
        ThrowIfGroupIsClosed();
        return PrepareBlock(arguments, hasInput, input, job)(this);
    }

    /// <summary>Takes along what a task of the block needs; what it gives starts the task, also when this cmdlet is over.</summary>
    /// <param name="arguments">The task's arguments; the same for every call of one command.</param>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object, its <c>$_</c>.</param>
    /// <param name="job">The job that shows the task; null for none.</param>
    private protected Func<LoopCommand, AsyncTask> PrepareBlock(
        object?[]? arguments, bool hasInput, object? input, AsyncTaskJob? job = null)
    {
        BlockStarter starter = _starter ??= new BlockStarter(this, Session, Block, arguments, () => MakeSource(arguments));

        // Whoever waits for a job does not turn the loop, so a coroutine would get no further.
        return job is null && (_runsOnLoop ??= DecideWhere(starter))
            ? starter.PrepareCoroutine(LoopOptions, hasInput, input)
            : starter.PrepareThread(OptionsFor(job), hasInput, input, StreamingTo, job);
    }

    /// <summary>What is said of a task that a job shows: its name is that of the job.</summary>
    private protected TaskOptions OptionsFor(AsyncTaskJob? job) => job is null ? Options : Options with { Name = job.Name };

    /// <summary>What the tasks run.</summary>
    private protected abstract ScriptSource MakeSource(object?[]? arguments);

    private TaskOptions? _loopOptions;

    // A coroutine needs no place among the threads.
    private TaskOptions LoopOptions => _loopOptions ??= Options with { Place = null };

    // Asked once: a block is the same for all the tasks of a command.
    private bool DecideWhere(BlockStarter starter)
    {
        if (OnLoop && OnThread)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                "-OnLoop and -OnThread exclude each other.", ErrorIds.InvalidArgument, null));
        }

        if (OnLoop && Block is null)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                "-OnLoop takes a block; a file runs on a thread.", ErrorIds.InvalidArgument, null));
        }

        return OnLoop || (!OnThread && starter.Suspends);
    }

    private protected override TaskOptions MakeOptions() => base.MakeOptions() with
    {
        Place = ThreadTaskPool.Of(Session).Places,
        Retry = MaximumRetryCount == 0
            ? RetryPolicy.None
            : new RetryPolicy(MaximumRetryCount, TimeSpan.FromSeconds(RetryIntervalSec), Backoff),
    };
}
