namespace AsyncJobs.Diagnostics.Watching;

/// <summary>What a watched task is doing, the most interesting first.</summary>
internal enum WatchedState
{
    /// <summary>It has failed lately.</summary>
    Failed,

    /// <summary>It works, and waits for nothing that is known.</summary>
    Running,

    /// <summary>It waits for another task, a lock, an item.</summary>
    Waiting,

    /// <summary>It waits for its turn to begin.</summary>
    Queued,
}
