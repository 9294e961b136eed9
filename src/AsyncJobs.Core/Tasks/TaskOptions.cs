namespace AsyncJobs;

/// <summary>What is said of the tasks of one command, whatever their work; one object for all of them.</summary>
public sealed record TaskOptions
{
    /// <summary>A name for people; null gives <c>Task</c> and the id.</summary>
    public string? Name { get; init; }

    /// <summary>Where the tasks were started: file and line, for messages.</summary>
    public string? Origin { get; init; }

    /// <summary>What the tasks do, for people: a cmdlet's name, or the text of a block; null where nobody can tell.</summary>
    public string? Command { get; init; }

    /// <summary>Whether whoever started the tasks has thrown them away, so that nobody will look at one that fails.</summary>
    public bool AreDiscarded { get; init; }

    /// <summary>What bounds the tasks started together; taken first.</summary>
    public AsyncSemaphore? Throttle { get; init; }

    /// <summary>What bounds how many tasks are let through in a time; taken second.</summary>
    public AsyncRateLimiter? RateLimiter { get; init; }

    /// <summary>A semaphore of the user's, held while the task runs; taken third.</summary>
    public AsyncSemaphore? Semaphore { get; init; }

    /// <summary>A place among the workers that carry the task, for kinds that need one; taken last.</summary>
    public AsyncSemaphore? Place { get; init; }

    /// <summary>How long a task may run, all attempts together, from when its work begins; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What happens when an attempt fails.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    /// <summary>How often the work is done again, each time with its permits and attempts; null for once.</summary>
    public Repetition? Repeat { get; init; }

    /// <summary>The group that the tasks belong to, or null.</summary>
    public AsyncTaskGroup? Group { get; init; }

    /// <summary>Whether a task is its work, done once, and nothing around that: no permit, attempt, period or limit.</summary>
    internal bool ArePlain => Throttle is null && RateLimiter is null && Semaphore is null && Place is null
        && Timeout is null && Repeat is null && Retry.MaximumRetryCount == 0;
}
