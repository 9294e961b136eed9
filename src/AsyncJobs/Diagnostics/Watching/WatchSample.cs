namespace AsyncJobs.Diagnostics.Watching;

/// <summary>What a watch saw at one moment.</summary>
internal sealed record WatchSample
{
    /// <summary>Whether the watch is over.</summary>
    public required bool IsLast { get; init; }

    /// <summary>How long the watch has gone on.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How many tasks are running, wait, and are queued.</summary>
    public required (int Running, int Waiting, int Queued) Pending { get; init; }

    /// <summary>How many have ended well, have failed, and were stopped.</summary>
    public required (long Completed, long Failed, long Stopped) Ended { get; init; }

    /// <summary>How many were started and how many ended each second, lately.</summary>
    public required (double Started, double Ended) Rates { get; init; }

    /// <summary>By how much the loop was late, at its worst since the last sample.</summary>
    public required TimeSpan Lag { get; init; }

    /// <summary>The most interesting tasks, as many as were asked for.</summary>
    public required IReadOnlyList<WatchedTask> Tasks { get; init; }

    /// <summary>How many of the tasks that are not done are not among <see cref="Tasks"/>.</summary>
    public required int MoreCount { get; init; }

    /// <summary>How many tasks are not done.</summary>
    public int PendingCount => Pending.Running + Pending.Waiting + Pending.Queued;
}
