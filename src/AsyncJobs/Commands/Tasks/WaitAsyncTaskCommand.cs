namespace AsyncJobs;

/// <summary>Wait-AsyncTask, alias await: waits for tasks and writes what they wrote (asyncio's <c>await</c> and <c>wait</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncTask", DefaultParameterSetName = ByTask)]
[Alias("await")]
[Suspends]
[Intrinsic(IntrinsicKind.Await)]
[OutputType(typeof(object))]
public sealed class WaitAsyncTaskCommand : TimedAwaitCommand
{
    private const string ByTask = "Task";
    private const string ById = "Id";
    private const string ByName = "Name";

    // A coroutine's wait goes on when this cmdlet is over.
    private bool _isHandedOver;

    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByTask)]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(VariableCompleter<Future>))]
    public override object? Task { get; set; }

    /// <summary>The numbers of the tasks to wait for; one that is not known is an error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public int[] Id { get; set; } = [];

    /// <summary>The names of the tasks to wait for; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByName)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Waits for the first to finish.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Waits until one fails, which it throws, or all are done.</summary>
    [Parameter]
    public SwitchParameter FirstError { get; set; }

    /// <summary>Writes the finished tasks instead of their output; throws for none of them, nor at the time-out.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Takes what stands behind the awaitable only to say what is wrong with it.</summary>
    [Parameter(ValueFromRemainingArguments = true, DontShow = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Rest { get; set; }

    /// <summary>Checks what belongs together.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Any && FirstError)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument("-Any and -FirstError exclude each other.", ErrorIds.InvalidArgument, null));
        }

        if (CommandText.IsCommand(this, Task))
        {
            ThrowTerminatingError(CommandText.NotAwaited(this, Task, Rest));
        }

        if (Rest is { Length: > 0 })
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"'{Rest[0]}' is neither a parameter of {MyInvocation.InvocationName} nor a second thing to wait for; several are given as a list, $a, $b.",
                ErrorIds.InvalidArgument,
                Rest[0]));
        }
    }

    /// <summary>Takes what was given.</summary>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ById:
                AddGiven(TaskSelection.ById(this, [Session], Id).ToArray());
                break;
            case ByName:
                AddGiven(TaskSelection.ByName(this, Session, Name, pendingOnly: false).ToArray());
                break;
            default:
                base.ProcessRecord();
                break;
        }
    }

    /// <summary>Waits for all that was given.</summary>
    protected override void EndProcessing()
    {
        ReportOthers();
        Await(MakeRequest());
    }

    /// <summary>
    /// Ctrl+C in a plain await cancels what it awaited; -Any, -FirstError and -PassThru only watch, as asyncio's wait does.
    /// </summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Futures.Any(static future => !future.IsCompleted) && IsInterrupted)
        {
            StopAwaited();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    private protected override void StopAwaited()
    {
        if (!_isHandedOver && !OnlyWatches)
        {
            CancelAll(Futures, "the wait was stopped");
        }
    }

    private protected override bool MayAwaitItself => Any || TimeoutSec > 0;

    private bool OnlyWatches => Any || FirstError || PassThru;

    private WaitRequest MakeRequest()
    {
        _isHandedOver = IsSuspending;
        Future[] futures = [.. Futures];
        if (futures.Length == 1 && TimeoutSec == 0 && !OnlyWatches)
        {
            return WithStreams(FutureRequest.For(futures[0]) with { For = futures });
        }

        ReturnWhen when = Any ? ReturnWhen.FirstCompleted : FirstError ? ReturnWhen.FirstException : ReturnWhen.AllCompleted;
        var enough = new WaitFuture(Session.Loop, futures, when);
        WaitLimit? limit = LimitOf(TimeoutSec);
        (bool passThru, bool onlyWatches) = (PassThru, OnlyWatches);
        return WithStreams(new WaitRequest
        {
            Until = enough,
            For = futures,
            Limit = limit,
            WhenLate = enough.Cancel,
            Ending = limit is not null
                ? WaitCompletion.Open
                : (when == ReturnWhen.AllCompleted ? WaitCompletion.All : WaitCompletion.First)
                    | (onlyWatches ? WaitCompletion.Watching : 0),
            Cancel = reason => onlyWatches ? enough.Cancel(reason) : CancelAll(futures, reason),
            Otherwise = command =>
            {
                bool isLate = limit is { IsLate: true };
                if (enough.IsCanceled && !isLate)
                {
                    Throw(ErrorRecords.ForException(enough.Exception!, futures));
                }

                if (passThru)
                {
                    WriteDone(command, futures);
                }
                else if (isLate)
                {
                    Throw(ErrorRecords.ForException(
                        TaskTimeoutException.ForWait("The wait", limit!.Length),
                        futures.FirstOrDefault(static future => !future.IsCompleted)));
                }
                else
                {
                    WriteOutcomes(command, futures, enough);
                }
            },
        });
    }

    private static void WriteDone(LoopCommand command, Future[] futures)
    {
        foreach (Future future in futures.Where(static future => future.IsCompleted).Distinct())
        {
            future.MarkObserved();
            TaskStreamReader.DrainTo(command, future);
            command.WriteObject(future);
        }
    }

    private static void WriteOutcomes(LoopCommand command, Future[] futures, WaitFuture enough)
    {
        foreach (Future future in enough.Deciding is { } deciding ? [deciding] : futures)
        {
            command.WriteOutcome(future);
        }
    }
}
