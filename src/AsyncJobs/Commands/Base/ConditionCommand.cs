using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that waits on a condition or notifies those that do.</summary>
public abstract class ConditionCommand : PrimitiveCommand
{
    /// <summary>The condition; its lock must be held.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncCondition Condition { get; set; } = null!;
}
