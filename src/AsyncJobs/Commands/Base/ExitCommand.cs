namespace AsyncJobs;

/// <summary>A cmdlet that leaves a lock or gives a permit back.</summary>
public abstract class ExitCommand : LoopCommand
{
    /// <summary>The primitive that is left.</summary>
    private protected abstract IHolding Holding { get; }

    /// <summary>Leaves the primitive.</summary>
    protected override void ProcessRecord() => Leave(this, Holding);

    /// <summary>Leaves what was entered, or says that it was not.</summary>
    internal static void Leave(LoopCommand command, IHolding holding)
    {
        try
        {
            holding.Leave();
        }
        catch (Exception exception) when (exception is SynchronizationLockException or SemaphoreFullException)
        {
            command.Refuse(ErrorRecords.ForException(exception, target: null));
        }
    }
}
