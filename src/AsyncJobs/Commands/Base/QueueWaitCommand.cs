namespace AsyncJobs;

/// <summary>A cmdlet that waits at a queue.</summary>
public abstract class QueueWaitCommand : TimedWaitCommand
{
    /// <summary>The queue.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncQueue Queue { get; set; } = null!;
}
