namespace AsyncJobs.Core.Diagnostics;

/// <summary>The kind of thing that is waited for.</summary>
internal enum TraceSubjectKind : byte
{
    /// <summary>Something that has no name.</summary>
    Other,

    /// <summary>A task, or several.</summary>
    Task,

    /// <summary>A future that anybody may complete.</summary>
    Future,

    /// <summary>A lock.</summary>
    Lock,

    /// <summary>A semaphore.</summary>
    Semaphore,

    /// <summary>A queue's next item.</summary>
    QueueItem,

    /// <summary>Room in a queue.</summary>
    QueueRoom,

    /// <summary>The end of the work on a queue's items.</summary>
    QueueDone,

    /// <summary>An event.</summary>
    Event,

    /// <summary>A condition.</summary>
    Condition,

    /// <summary>A barrier.</summary>
    Barrier,

    /// <summary>A rate limiter.</summary>
    RateLimiter,

    /// <summary>A host that asked for quiet, or that an attempt has just failed at.</summary>
    Host,
}
