using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that waits for what a lock, semaphore, event, condition, barrier, queue or rate limiter hands over.</summary>
public abstract class PrimitiveCommand : LoopCommand
{
    /// <summary>A wait for what a primitive hands over. One that is cut short has taken nothing, unless settling says otherwise.</summary>
    /// <param name="primitive">What is waited for, for the error.</param>
    /// <param name="start">Starts the wait; it ends soon once its token is cancelled.</param>
    /// <param name="settle">Called when the wait was cut short, with the wait as it ends: gives back what was handed over at the last instant.</param>
    /// <param name="limit">How long at most; null for no limit.</param>
    /// <param name="output">What is written in the end; nothing unless given.</param>
    /// <param name="target">The error's target, if not the primitive.</param>
    /// <param name="used">How much of the limit earlier waits have used up.</param>
    private protected WaitRequest HandOver(
        object primitive, Func<CancellationToken, Task> start, Action<Task>? settle = null, TimeSpan? limit = null, Func<object?>? output = null, object? target = null, TimeSpan used = default)
    {
        TimeSpan? left = limit is { } whole ? whole > used ? whole - used : TimeSpan.Zero : null;
        var wait = new PrimitiveWait(Session.Loop, start, left);
        return new WaitRequest
        {
            Until = wait,
            For = primitive,
            Cancel = wait.Cancel,
            Undo = () =>
            {
                wait.Cancel(reason: null);
                settle?.Invoke(wait.Waiting);
            },
            Peek = () => !wait.Waiting.IsCompletedSuccessfully ? null : output is null ? [] : [output()],
            Finish = command =>
            {
                if (FailureOf(wait, primitive, limit) is { } failure)
                {
                    Throw(ErrorRecords.ForException(failure, target ?? primitive));
                }

                if (output is not null)
                {
                    command.WriteObject(output(), enumerateCollection: false);
                }
            },
        };
    }

    /// <summary>Who holds what this command takes, for those who look in.</summary>
    private protected object Holder => Session.CurrentTask ?? (object)new WaitPlace(MyInvocation);

    /// <summary>Waits, runs a block in the caller's scope, and leaves what was entered however the block ends.</summary>
    /// <param name="entering">The wait.</param>
    /// <param name="block">The block; in a coroutine it is a part of that, which runs it itself.</param>
    /// <param name="exit">Leaves what was entered.</param>
    private protected void RunHolding(WaitRequest entering, ScriptBlock block, Action exit)
    {
        Await(entering with { Exit = exit });
        if (IsSuspending)
        {
            return;
        }

        try
        {
            CallerScope.Run(this, block);
        }
        finally
        {
            Exit(exit);
        }
    }

    /// <summary>Leaves what was entered, or says that it was not.</summary>
    private protected void Exit(Action exit)
    {
        try
        {
            exit();
        }
        catch (Exception exception) when (exception is SynchronizationLockException or SemaphoreFullException)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, target: null));
        }
    }

    /// <summary>What a wait ended with that handed nothing over, or null.</summary>
    private protected static Exception? FailureOf(PrimitiveWait wait, object primitive, TimeSpan? limit) =>
        wait.IsLate ? TaskTimeoutException.ForWait($"The wait for {primitive}", limit ?? default) : wait.Waiting.Exception?.InnerException;

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
