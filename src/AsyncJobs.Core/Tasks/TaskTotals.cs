namespace AsyncJobs.Core.Tasks;

/// <summary>How many tasks there have been, by what became of them.</summary>
internal record struct TaskTotals
{
    /// <summary>How many were started; of tasks that are looked at one by one, how many have begun.</summary>
    public long Started { get; set; }

    /// <summary>How many have ended well.</summary>
    public long Completed { get; set; }

    /// <summary>How many have failed.</summary>
    public long Failed { get; set; }

    /// <summary>How many were stopped.</summary>
    public long Stopped { get; set; }

    /// <summary>How many have ended.</summary>
    public readonly long Ended => Completed + Failed + Stopped;

    /// <summary>What has come between two moments.</summary>
    public static TaskTotals operator -(TaskTotals later, TaskTotals earlier) => new()
    {
        Started = later.Started - earlier.Started,
        Completed = later.Completed - earlier.Completed,
        Failed = later.Failed - earlier.Failed,
        Stopped = later.Stopped - earlier.Stopped,
    };

    /// <summary>Counts a task by its state.</summary>
    public void Count(AsyncState state)
    {
        Started += state == AsyncState.NotStarted ? 0 : 1;
        CountEnd(state);
    }

    /// <summary>Counts a task's end.</summary>
    public void CountEnd(AsyncState state)
    {
        Completed += state == AsyncState.Completed ? 1 : 0;
        Failed += state == AsyncState.Failed ? 1 : 0;
        Stopped += state == AsyncState.Stopped ? 1 : 0;
    }
}
