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

    /// <inheritdoc/>
    private protected override bool ReportsFirst => false;

    /// <summary>Reports failures that nobody looked at, but for those that are awaited here; once all has been given.</summary>
    private protected void ReportOthers() => Diagnostics.UnobservedFailures.ReportTo(this, GivenFailures);
}
