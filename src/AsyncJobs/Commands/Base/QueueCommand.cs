namespace AsyncJobs;

/// <summary>A cmdlet that changes a queue.</summary>
public abstract class QueueCommand : LoopCommand
{
    /// <summary>The queue.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncQueue>))]
    public AsyncQueue Queue { get; set; } = null!;
}
