using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that does something with a queue.</summary>
public abstract class QueueCommand : PrimitiveCommand
{
    /// <summary>The queue.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncQueue Queue { get; set; } = null!;
}
