namespace AsyncJobs;

/// <summary>A cmdlet that changes a barrier.</summary>
public abstract class BarrierCommand : LoopCommand
{
    /// <summary>The barrier.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncBarrier>))]
    public AsyncBarrier Barrier { get; set; } = null!;
}
