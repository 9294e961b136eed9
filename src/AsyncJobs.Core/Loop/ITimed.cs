namespace AsyncJobs.Core.Loop;

/// <summary>What a <see cref="TimerQueue"/> holds: it is its own entry there, as thousands may sleep. In one queue at most, and once.</summary>
internal interface ITimed
{
    /// <summary>Its place in the queue, which alone sets it; 0 where it is in none.</summary>
    int TimerPlace { get; set; }

    /// <summary>Its time has come: called on some thread, once, and quickly, as the timers behind it wait. Throws nothing.</summary>
    void Due();
}
