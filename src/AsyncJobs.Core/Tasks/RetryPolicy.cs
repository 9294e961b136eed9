namespace AsyncJobs;

/// <summary>How often failed work is tried again, and how long to wait before.</summary>
/// <param name="MaximumRetryCount">Attempts after the first; 0 for none.</param>
/// <param name="Interval">The wait before the second attempt.</param>
/// <param name="Backoff">How the wait grows.</param>
public sealed record RetryPolicy(int MaximumRetryCount, TimeSpan Interval, BackoffKind Backoff)
{
    /// <summary>No wait grows beyond this.</summary>
    public static readonly TimeSpan MaximumDelay = TimeSpan.FromMinutes(5);

    /// <summary>The policy of one attempt only.</summary>
    public static RetryPolicy None { get; } = new(0, TimeSpan.Zero, BackoffKind.Constant);

    /// <summary>The wait after an attempt, before jitter.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    public TimeSpan DelayAfter(int attempt)
    {
        double factor = Backoff switch
        {
            BackoffKind.Linear => attempt,
            BackoffKind.Exponential => Math.Pow(2, attempt - 1),
            _ => 1,
        };

        // The factor grows to infinity, and no interval times infinity is not a number.
        double milliseconds = Interval == TimeSpan.Zero ? 0 : Interval.TotalMilliseconds * factor;
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, MaximumDelay.TotalMilliseconds));
    }

    /// <summary>The wait after an attempt, up to a quarter shorter or longer, so that many failures do not return at once.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    public TimeSpan JitteredDelayAfter(int attempt)
    {
        TimeSpan delay = DelayAfter(attempt) * (0.75 + (Random.Shared.NextDouble() / 2));
        return delay < MaximumDelay ? delay : MaximumDelay;
    }
}
