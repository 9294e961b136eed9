namespace AsyncJobs;

/// <summary>A cmdlet that starts tasks from a script block.</summary>
public abstract class StartBlockCommand : TimeLimitedStartCommand
{
    private BlockStarter? _starter;
    private bool _runsOnLoop;

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

    /// <summary>What may be a coroutine; null for what only a thread runs.</summary>
    private protected abstract ScriptBlock? Block { get; }

    /// <summary>What runs before the block, in the scope around it; null for nothing.</summary>
    private protected virtual ScriptBlock? Initialization => null;

    /// <summary>Where what the tasks write with Write-Host goes at once; null to keep it for who waits.</summary>
    private protected virtual StreamingHost? StreamingTo => null;

    /// <summary>Whether a task runs in this process.</summary>
    private protected virtual bool IsLocal => true;

    /// <summary>What each task's block is given.</summary>
    private protected abstract object?[]? Arguments { get; }

    /// <summary>Decides where the tasks run, and has a runspace opened while the pipeline is still being set up.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (OnLoop && OnThread)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument("-OnLoop and -OnThread exclude each other.", ErrorIds.InvalidArgument, null));
        }

        if (IsLocal)
        {
            ScriptBlock? block = OnThread && !Session.IsInline ? null : Block;
            if (OnLoop && block is null)
            {
                ThrowTerminatingError(ErrorRecords.InvalidArgument(
                    "-OnLoop takes a block, or a file without classes, #requires, using module and using assembly; any other file runs on a thread.",
                    ErrorIds.InvalidArgument,
                    null));
            }

            _starter = new BlockStarter(this, Session, block, Arguments, Initialization, MakeSource)
            {
                KeepRecords = KeepsRecords ? () => TaskStreams.Keeping(WantsInformation) : null,
            };
            _runsOnLoop = OnLoop || _starter.IsForLoop;
            if (!_runsOnLoop)
            {
                ThreadTaskPool.Of(Session).Prepare();
            }
        }
    }

    /// <summary>Starts one task: on the loop if its block suspends, else on a pooled runspace.</summary>
    /// <inheritdoc cref="PrepareBlock"/>
    private protected AsyncTask StartBlock(bool hasInput, object? input, AsyncTaskJob? job = null)
    {
        ThrowIfGroupIsClosed();
        return PrepareBlock(hasInput, input, job)(this);
    }

    /// <summary>Takes along what a task of the block needs; what it gives starts the task, also when this cmdlet is over.</summary>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object, its <c>$_</c>.</param>
    /// <param name="job">The job that shows the task; null for none.</param>
    private protected Func<LoopCommand, AsyncTask> PrepareBlock(bool hasInput, object? input, AsyncTaskJob? job = null) =>

        // Whoever waits for a job does not turn the loop, so a coroutine would get no further.
        job is null && _runsOnLoop
            ? _starter!.PrepareCoroutine(LoopOptions, hasInput, input)
            : _starter!.PrepareThread(OptionsFor(job), hasInput, input, StreamingTo, job);

    /// <summary>What is said of a task that a job shows: its name is that of the job.</summary>
    private protected TaskOptions OptionsFor(AsyncTaskJob? job) => job is null ? Options : Options with { Name = job.Name };

    /// <summary>What the tasks run.</summary>
    private protected abstract ScriptSource MakeSource();

    private TaskOptions? _loopOptions;

    // A coroutine needs no place among the threads.
    private TaskOptions LoopOptions => _loopOptions ??= Options with { Place = null };

    private protected override TaskOptions MakeOptions() => base.MakeOptions() with
    {
        Command = Block is { } block ? BriefText.Of(block) : MyInvocation.MyCommand.Name,
        Place = ThreadTaskPool.Of(Session).Places,
        Retry = MaximumRetryCount == 0
            ? RetryPolicy.None
            : new RetryPolicy(MaximumRetryCount, TimeSpan.FromSeconds(RetryIntervalSec), Backoff),
    };
}
