namespace AsyncJobs;

/// <summary>A cmdlet that enters a lock or takes a permit.</summary>
public abstract class EnterCommand : TimedWaitCommand
{
    /// <summary>What is entered.</summary>
    private protected abstract IHolding Holding { get; }

    /// <summary>Waits for it.</summary>
    protected override void EndProcessing() => Await(Holding.Enter(Holder, NewLimit()));
}
