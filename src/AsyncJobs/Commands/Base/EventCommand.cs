namespace AsyncJobs;

/// <summary>A cmdlet that changes an event.</summary>
public abstract class EventCommand : LoopCommand
{
    /// <summary>The event.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncEvent>))]
    public AsyncEvent Event { get; set; } = null!;
}
