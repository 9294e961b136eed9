namespace AsyncJobs;

/// <summary>A cmdlet that enters a lock or takes a permit.</summary>
public abstract class EnterCommand : TimedWaitCommand
{
    /// <summary>The primitive that is entered.</summary>
    private protected abstract IHolding Holding { get; }

    /// <summary>Waits for the primitive.</summary>
    protected override void EndProcessing() => Await(Holding.Enter(Holder, NewLimit()));
}
