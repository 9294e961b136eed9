using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that waits for what a lock, semaphore, event, condition, barrier, queue or rate limiter hands over.</summary>
public abstract class PrimitiveCommand : LoopCommand
{
    /// <summary>Turns the loop until a wait has ended. When it throws, nothing was taken, unless settling says otherwise.</summary>
    /// <param name="primitive">What is waited for, for the error.</param>
    /// <param name="start">Starts the wait; it ends soon once its token is cancelled.</param>
    /// <param name="settle">Called when the turn was cut short, with the wait as it ends: gives back what was handed over at the last instant.</param>
    /// <param name="limit">How long at most; null for no limit.</param>
    /// <param name="used">How much of the limit earlier turns have used up.</param>
    /// <exception cref="PipelineStoppedException">Ctrl+C.</exception>
    private protected void TurnUntilHandedOver(object primitive, Func<CancellationToken, Task> start, Action<Task>? settle = null, TimeSpan? limit = null, TimeSpan used = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(StoppingToken);
        using Deadline? deadline = limit is { } total
            ? new Deadline(Session.Loop, total > used ? total - used : TimeSpan.Zero, ending.Cancel)
            : null;
        bool wasCancelled = false;
        string? reason = null;
        bool GiveUp(string? why)
        {
            (wasCancelled, reason) = (true, why);
            ending.Cancel();
            return true;
        }

        Task waiting = start(ending.Token);
        try
        {
            TurnUntilDone(waiting, GiveUp, primitive);
        }
        catch
        {
            // The loop may hear of the stop before the waiter does, and be handed something in between.
            ending.Cancel();
            settle?.Invoke(waiting);
            throw;
        }

        if (wasCancelled)
        {
            settle?.Invoke(waiting);
            Throw(ErrorRecords.ForException(Future.CanceledException(reason), primitive));
        }

        if (waiting.IsCanceled)
        {
            throw StoppingToken.IsCancellationRequested
                ? new PipelineStoppedException()
                : ScriptThrow.Of(ErrorRecords.ForException(TaskTimeoutException.ForWait($"The wait for {primitive}", limit ?? default), primitive));
        }

        if (waiting.Exception is { InnerException: { } failure })
        {
            Throw(ErrorRecords.ForException(failure, primitive));
        }
    }

    /// <summary>The limit that a <c>-TimeoutSec</c> sets; none where it was not given.</summary>
    private protected static TimeSpan? LimitOf(double timeoutSec) => timeoutSec == 0 ? null : TimeSpan.FromSeconds(timeoutSec);

    /// <summary>Waits for the end of a cancelled wait, which is near, and undoes it if it ended well.</summary>
    private protected static Action<Task> Undo(Action undo) => waiting =>
    {
        Task.WaitAny(waiting);
        if (waiting.IsCompletedSuccessfully)
        {
            undo();
        }
    };
}
