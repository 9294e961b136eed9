using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that takes or gives back a semaphore's permit.</summary>
public abstract class SemaphoreCommand : PrimitiveCommand
{
    /// <summary>The semaphore.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncSemaphore Semaphore { get; set; } = null!;

    /// <summary>Waits for a permit, turning the loop. When it throws, no permit is held.</summary>
    private protected void Enter(double timeoutSec) =>
        TurnUntilHandedOver(Semaphore, Semaphore.EnterAsync, Undo(Semaphore.Release), LimitOf(timeoutSec));

    /// <summary>Gives a permit back.</summary>
    private protected void Exit()
    {
        try
        {
            Semaphore.Release();
        }
        catch (SemaphoreFullException exception)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, Semaphore));
        }
    }
}
