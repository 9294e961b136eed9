using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that waits at a barrier or changes it.</summary>
public abstract class BarrierCommand : PrimitiveCommand
{
    /// <summary>The barrier.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncBarrier Barrier { get; set; } = null!;
}
