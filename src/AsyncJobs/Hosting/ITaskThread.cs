namespace AsyncJobs.Hosting;

/// <summary>A thread whose runspace runs the scripts of thread tasks, one after the other.</summary>
internal interface ITaskThread
{
    /// <summary>The current thread as such a thread; null where it is none.</summary>
    [field: ThreadStatic]
    static ITaskThread? Current { get; set; }

    /// <summary>The task whose script the thread runs now, or null; on the thread itself.</summary>
    AsyncTask? CurrentTask { get; }

    /// <summary>What tells the session whose tasks these are, and all that run such.</summary>
    object Family { get; }

    /// <summary>Lends the place of a task that waits for other tasks to whoever needs it.</summary>
    void LendPlace();

    void TakePlace();
}
