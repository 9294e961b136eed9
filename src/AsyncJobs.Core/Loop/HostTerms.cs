namespace AsyncJobs.Core.Loop;

/// <summary>What messages call the things for which a host has names of its own.</summary>
internal sealed record HostTerms
{
    /// <summary>A future that anybody may complete.</summary>
    public string PlainFuture { get; init; } = "a future that is no task";

    /// <summary>What a task waits for that is behind a throttle.</summary>
    public string ThrottlePlace { get; init; } = "a place within its throttle";
}
