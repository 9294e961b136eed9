using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that takes or gives back a semaphore's permit.</summary>
public abstract class SemaphoreCommand : LoopCommand
{
    /// <summary>The semaphore.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncSemaphore Semaphore { get; set; } = null!;

    /// <summary>Waits for a permit, turning the loop. When it throws, no permit is held.</summary>
    private protected void Enter()
    {
        Task entering = Semaphore.EnterAsync(StoppingToken);
        try
        {
            TurnUntilDone(entering);
        }
        catch (PipelineStoppedException)
        {
            // Handed over in the instant of Ctrl+C: it goes to the next.
            if (entering.IsCompletedSuccessfully)
            {
                Semaphore.Release();
            }

            throw;
        }

        if (!entering.IsCompletedSuccessfully)
        {
            throw new PipelineStoppedException();
        }
    }

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
