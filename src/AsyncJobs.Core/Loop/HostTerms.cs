namespace AsyncJobs.Core.Loop;

/// <summary>What a host has of its own for things of the core: names in messages, and what stands for nothing.</summary>
internal sealed record HostTerms
{
    /// <summary>A future that anybody may complete.</summary>
    public string PlainFuture { get; init; } = "a future that is no task";

    /// <summary>What a task waits for that is behind a throttle.</summary>
    public string ThrottlePlace { get; init; } = "a place within its throttle";

    /// <summary>Gives the value in what a host may put around one.</summary>
    public Func<object?, object?> Unwrap { get; init; } = static value => value;

    /// <summary>The result of a task that wrote nothing, where somebody asks for it.</summary>
    public object? NoResult { get; init; }
}
