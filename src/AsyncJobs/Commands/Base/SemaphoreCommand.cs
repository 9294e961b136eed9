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
    private protected WaitRequest Enter(double timeoutSec) =>
        HandOver(Semaphore, Semaphore.EnterAsync, Undo(Semaphore.Release), LimitOf(timeoutSec));
}
