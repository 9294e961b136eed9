namespace AsyncJobs.Core.Loop;

/// <summary>
/// A clock in the place of a loop's own. Its timestamps go on from those of the loop's, so that what was noted by one may be
/// compared with what was noted by the other.
/// </summary>
/// <param name="own">The loop's.</param>
/// <param name="source">The one in its place.</param>
internal sealed class SubstituteClock(TimeProvider own, TimeProvider source) : TimeProvider
{
    private readonly long _start = own.GetTimestamp();
    private readonly long _sourceStart = source.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => own.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => source.LocalTimeZone;

    /// <inheritdoc/>
    public override long GetTimestamp() =>
        _start + (long)(source.GetElapsedTime(_sourceStart).Ticks * ((double)own.TimestampFrequency / TimeSpan.TicksPerSecond));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => source.GetUtcNow();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        source.CreateTimer(callback, state, dueTime, period);
}
