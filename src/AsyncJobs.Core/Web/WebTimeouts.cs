namespace AsyncJobs;

/// <summary>The limits of one attempt at a request. <see cref="Timeout.InfiniteTimeSpan"/> is none.</summary>
/// <param name="Connect">For getting a connection.</param>
/// <param name="Headers">From the start of the attempt to the headers of the answer.</param>
/// <param name="BodyIdle">For each wait for more of the body: a body that comes slowly is well, one that stalls is not.</param>
/// <param name="Total">For the whole attempt, body included.</param>
public sealed record WebTimeouts(TimeSpan Connect, TimeSpan Headers, TimeSpan BodyIdle, TimeSpan Total)
{
    /// <summary>Every wait has an end, and the whole has none, so a large file takes the time it takes.</summary>
    public static WebTimeouts Default { get; } = new(
        Connect: TimeSpan.FromSeconds(15),
        Headers: TimeSpan.FromSeconds(100),
        BodyIdle: TimeSpan.FromSeconds(60),
        Total: Timeout.InfiniteTimeSpan);
}
