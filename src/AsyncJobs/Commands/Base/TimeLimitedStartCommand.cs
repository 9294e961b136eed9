namespace AsyncJobs;

/// <summary>A cmdlet whose tasks may have a time limit of their own.</summary>
public abstract class TimeLimitedStartCommand : StartCommand
{
    /// <summary>Each task's own limit, in seconds, counted from when it starts to run.</summary>
    [Parameter]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    private protected override TaskOptions MakeOptions() => base.MakeOptions() with
    {
        Timeout = TimeoutSec == 0 ? null : TimeSpan.FromSeconds(TimeoutSec),
    };
}
