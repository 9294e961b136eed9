using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that takes or gives back a semaphore's permit.</summary>
public abstract class SemaphoreCommand : PrimitiveCommand
{
    /// <summary>The semaphore.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncSemaphore Semaphore { get; set; } = null!;

    /// <summary>The wait for a permit. One that is cut short has taken none.</summary>
    private protected WaitRequest Enter(double timeoutSec) => RequestFor(Session.Loop, Semaphore, LimitOf(timeoutSec));

    /// <summary>The same, for whoever waits on a loop.</summary>
    internal static WaitRequest RequestFor(EventLoop loop, AsyncSemaphore semaphore, WaitLimit? limit) =>
        PrimitiveRequest.For(loop, semaphore, semaphore.EnterAsync, PrimitiveRequest.Undo(semaphore.Release), limit);
}
