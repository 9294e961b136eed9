namespace AsyncJobs;

/// <summary>A cmdlet that runs a block while it holds a lock or a permit.</summary>
public abstract class UseCommand : EnterCommand
{
    /// <summary>Runs in the caller's scope, as ForEach-Object's block does: what it assigns stays.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>
    /// Enters, runs the block, leaves however the block ends; in a coroutine the block is a part of that, which runs it itself.
    /// </summary>
    protected override void EndProcessing()
    {
        IHolding holding = Holding;
        Await(holding.EnterForBody(Holder, NewLimit()));
        if (IsSuspending)
        {
            return;
        }

        try
        {
            CallerScope.Run(this, ScriptBlock);
        }
        finally
        {
            ExitCommand.Leave(this, holding);
        }
    }

    /// <summary>Enters for a coroutine, which runs the block itself and leaves after it.</summary>
    internal static WaitRequest Begin(CoroutineFrame frame, IHolding holding) => holding.EnterForBody(frame.Task);
}
