using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that takes or leaves a lock.</summary>
public abstract class LockCommand : PrimitiveCommand
{
    /// <summary>The lock.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncLock Lock { get; set; } = null!;

    /// <summary>Waits for the lock, turning the loop. When it throws, the lock is not held.</summary>
    private protected void Enter(double timeoutSec)
    {
        TurnUntilHandedOver(Lock, Lock.EnterAsync, Undo(Lock.Release), LimitOf(timeoutSec));

        Lock.Holder = Session.CurrentTask ?? (object)new WaitPlace(MyInvocation);

        // What was forfeited before and never left is past: from here on leaving means this time.
        Session.ForfeitedLocks.Remove(Lock);
    }

    /// <summary>Leaves the lock.</summary>
    private protected void Exit()
    {
        if (Session.ForfeitedLocks.Remove(Lock))
        {
            return;
        }

        try
        {
            Lock.Release();
        }
        catch (SynchronizationLockException exception)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, Lock));
        }
    }
}
