using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Wait-AsyncGather: one result per task, in input order (asyncio's <c>gather</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncGather")]
[OutputType(typeof(object))]
public sealed class WaitAsyncGatherCommand : AwaitCommand
{
    private bool _hasEnded;

    /// <summary>Writes the exception of a failed task in its place instead of throwing it.</summary>
    [Parameter]
    public SwitchParameter ReturnExceptions { get; set; }

    /// <summary>Seconds for the whole; past it the tasks are stopped, and TimeoutException is thrown once they have ended.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Waits for all that was given.</summary>
    protected override void EndProcessing()
    {
        var gathering = new Gathering(Session.Loop, Futures, ReturnExceptions);
        using Deadline? deadline = TimeoutSec == 0
            ? null
            : new Deadline(Session.Loop, TimeSpan.FromSeconds(TimeoutSec), () => StopAll("the gather's time is up"));
        WaitShowingProgress(gathering);
        if (deadline is { HasPassed: true })
        {
            using var completions = new Completions(Session.Loop, Futures);
            TurnUntil(() => completions.DoneCount == Futures.Count, Futures);
        }

        // From here on nothing is stopped any more: after a first failure the others go on, as in asyncio.
        _hasEnded = true;
        if (deadline is { HasPassed: true } && !gathering.IsCancellationRequested && Futures.Any(future => future.IsCanceled))
        {
            Throw(ErrorRecords.ForException(TaskTimeoutException.ForWait($"The gather of {Futures.Count} tasks", deadline.Limit), Futures));
        }

        if (gathering.FirstFailed is { } failed)
        {
            Throw(ErrorRecords.ForOutcome(failed));
        }

        if (gathering.IsCanceled)
        {
            // By the task group around it. That is no result, whatever -ReturnExceptions says.
            Throw(ErrorRecords.ForOutcome(gathering));
        }

        foreach (Future future in Futures)
        {
            TaskStreamReader.DrainTo(this, future);
            WriteObject(future.Fault is { } fault ? fault.Exception : future.Result);
        }
    }

    /// <summary>Stopping the gather stops its tasks.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_hasEnded && IsInterrupted)
        {
            StopAll("the gather was stopped");
        }

        base.Dispose(disposing);
    }

    private void WaitShowingProgress(Gathering gathering)
    {
        int total = Futures.Count;
        using var progress = new CountProgress(
            this,
            Session.Loop,
            "Gathering",
            () => ($"{gathering.DoneCount} of {total} done", 100 * gathering.DoneCount / Math.Max(1, total)));
        TurnUntilDone(gathering, gathering.Cancel);
        progress.Complete();
    }

    private void StopAll(string reason)
    {
        foreach (Future future in Futures)
        {
            future.Cancel(reason);
        }
    }
}
