using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Wait-AsyncTask, alias await: waits for tasks and writes what they wrote (asyncio's <c>await</c> and <c>wait</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncTask", DefaultParameterSetName = "All")]
[Alias("await")]
[OutputType(typeof(object), typeof(Future))]
public sealed class WaitAsyncTaskCommand : AwaitCommand
{
    private bool _hasEnded;

    /// <summary>Waits for the first to finish.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Any")]
    public SwitchParameter Any { get; set; }

    /// <summary>Waits until one fails, which it throws, or all are done.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "FirstError")]
    public SwitchParameter FirstError { get; set; }

    /// <summary>Writes the finished tasks instead of their output; throws for none of them, nor at the time-out.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Seconds to wait; past it TimeoutException is thrown and nothing is cancelled.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Waits for all that was given.</summary>
    protected override void EndProcessing()
    {
        using var completions = new Completions(Session.Loop, Futures);
        bool isInTime = TurnInTime(() => IsEnough(completions));
        _hasEnded = true;

        if (PassThru)
        {
            foreach (Future future in Futures.Where(future => future.IsCompleted).Distinct())
            {
                future.MarkObserved();
                TaskStreamReader.DrainTo(this, future);
                WriteObject(future);
            }
        }
        else if (!isInTime)
        {
            Throw(ErrorRecords.ForException(TaskTimeoutException.ForWait("The wait", TimeSpan.FromSeconds(TimeoutSec)), Futures.FirstOrDefault(future => !future.IsCompleted)));
        }
        else
        {
            WriteOutcomes(completions);
        }
    }

    /// <summary>Ctrl+C in a plain await cancels what it awaited; -Any, -FirstError and -PassThru only watch, as asyncio's wait does.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_hasEnded && !OnlyWatches && IsInterrupted)
        {
            Cancel("the wait was stopped");
        }

        base.Dispose(disposing);
    }

    private protected override bool MayAwaitItself => Any || TimeoutSec > 0;

    private bool OnlyWatches => Any || FirstError || PassThru;

    private bool Cancel(string? reason)
    {
        bool isAnyCancelled = false;
        foreach (Future future in Futures)
        {
            isAnyCancelled |= future.Cancel(reason);
        }

        return isAnyCancelled;
    }

    private bool IsEnough(Completions completions) =>
        completions.DoneCount == Futures.Count
        || (Any && completions.DoneCount > 0)
        || (FirstError && completions.FirstFailed is not null);

    private void WriteOutcomes(Completions completions)
    {
        if (Any)
        {
            if (completions.First is { } first)
            {
                WriteOutcome(first);
            }
        }
        else if (FirstError && completions.FirstFailed is { } failed)
        {
            WriteOutcome(failed);
        }
        else
        {
            foreach (Future future in Futures)
            {
                WriteOutcome(future);
            }
        }
    }

    private bool TurnInTime(Func<bool> isDone)
    {
        if (TimeoutSec == 0)
        {
            TurnUntil(isDone, Futures, OnlyWatches ? null : Cancel);
            return true;
        }

        using var deadline = new Deadline(Session.Loop, TimeSpan.FromSeconds(TimeoutSec), () => { });
        TurnUntil(() => isDone() || deadline.HasPassed, Futures, OnlyWatches ? null : Cancel);
        return isDone();
    }
}
