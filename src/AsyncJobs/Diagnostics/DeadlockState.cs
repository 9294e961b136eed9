namespace AsyncJobs.Diagnostics;

/// <summary>What can be said of a session in which nothing moves.</summary>
internal enum DeadlockState
{
    /// <summary>Somebody may end the wait.</summary>
    Alive,

    /// <summary>Something is on its way, it seems, or has been asleep for too short a time.</summary>
    Settling,

    /// <summary>Everybody waits.</summary>
    Stuck,
}
