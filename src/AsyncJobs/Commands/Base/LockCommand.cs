using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that takes or leaves a lock.</summary>
public abstract class LockCommand : PrimitiveCommand
{
    /// <summary>The lock.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncLock Lock { get; set; } = null!;

    /// <summary>The wait for the lock. One that is cut short has not taken it.</summary>
    private protected WaitRequest Enter(double timeoutSec)
    {
        // What was forfeited before and never left is past: from here on leaving means this time.
        Session.ForfeitedLocks.Remove(Lock);
        (AsyncLock entered, object holder) = (Lock, Holder);
        return HandOver(entered, giveUp => EnterAsync(entered, holder, giveUp), Undo(entered.Release), LimitOf(timeoutSec));
    }

    private static async Task EnterAsync(AsyncLock entered, object holder, CancellationToken giveUp)
    {
        await entered.EnterAsync(giveUp).ConfigureAwait(false);
        entered.Holder = holder;
    }

    /// <summary>What leaving the lock is, also when the cmdlet is over.</summary>
    private protected Action Leaving()
    {
        (HashSet<AsyncLock> forfeited, AsyncLock entered) = (Session.ForfeitedLocks, Lock);
        return () =>
        {
            if (!forfeited.Remove(entered))
            {
                entered.Release();
            }
        };
    }
}
