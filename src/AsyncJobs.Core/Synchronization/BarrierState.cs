namespace AsyncJobs;

/// <summary>What a barrier is doing.</summary>
public enum BarrierState
{
    /// <summary>Parties come and wait for the rest.</summary>
    Filling,

    /// <summary>All have come, and some have yet to leave; who comes now waits until they have.</summary>
    Draining,

    /// <summary>The barrier was reset, and some have yet to leave; who comes now waits until they have.</summary>
    Resetting,

    /// <summary>The barrier was aborted; nobody can wait until it is reset.</summary>
    Broken,
}
