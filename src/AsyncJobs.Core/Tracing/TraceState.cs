namespace AsyncJobs.Core.Tracing;

/// <summary>What a task does for a while; the page and the writers go by the order.</summary>
internal enum TraceState
{
    /// <summary>Waits for its permits: its work has not begun.</summary>
    Queued,

    /// <summary>Could go on, and waits for the loop.</summary>
    Ready,

    /// <summary>Runs on the loop.</summary>
    Running,

    /// <summary>Runs on a thread of the pool.</summary>
    Thread,

    /// <summary>Waits for a host, a file, a clock: its work is native and holds nothing.</summary>
    IO,

    /// <summary>Awaits a task, several, or a future.</summary>
    Await,

    /// <summary>Waits for a lock or one of its kin.</summary>
    Lock,

    /// <summary>Waits for an item of a queue, or for room in it.</summary>
    Queue,

    /// <summary>Waits because a host asked for quiet, or before the next attempt.</summary>
    Pause,

    /// <summary>Waits for something else.</summary>
    Other,
}
