using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that waits for an event or changes it.</summary>
public abstract class EventCommand : PrimitiveCommand
{
    /// <summary>The event.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncEvent Event { get; set; } = null!;
}
