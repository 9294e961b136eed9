namespace AsyncJobs;

/// <summary>A cmdlet that waits for awaitables, for so long at most.</summary>
public abstract class TimedAwaitCommand : AwaitCommand
{
    /// <summary>Seconds for the whole; past it TimeoutException is thrown.</summary>
    [Parameter]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <inheritdoc cref="WaitCommand.Progress"/>
    [Parameter]
    public SwitchParameter Progress { get; set; }
}
