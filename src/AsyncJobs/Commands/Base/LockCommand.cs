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
    private protected WaitRequest Enter(double timeoutSec) => RequestFor(Session, Lock, Holder, LimitOf(timeoutSec));

    /// <summary>The same, for whoever waits in a session.</summary>
    internal static WaitRequest RequestFor(RunspaceLoop session, AsyncLock entered, object holder, WaitLimit? limit)
    {
        // What was forfeited before and never left is past: from here on leaving means this time.
        session.ForfeitedLocks.Remove(entered);
        return PrimitiveRequest.For(session.Loop, entered, giveUp => EnterAsync(entered, holder, giveUp), PrimitiveRequest.Undo(entered.Release), limit);
    }

    private static async Task EnterAsync(AsyncLock entered, object holder, CancellationToken giveUp)
    {
        await entered.EnterAsync(giveUp).ConfigureAwait(false);
        entered.Holder = holder;
    }

    /// <summary>What leaving the lock is, also when the cmdlet is over.</summary>
    private protected Action Leaving() => LeavingOf(Session, Lock);

    /// <inheritdoc cref="Leaving"/>
    internal static Action LeavingOf(RunspaceLoop session, AsyncLock entered)
    {
        HashSet<AsyncLock> forfeited = session.ForfeitedLocks;
        return () =>
        {
            if (!forfeited.Remove(entered))
            {
                entered.Release();
            }
        };
    }
}
