namespace AsyncJobs;

/// <summary>What Get-AsyncLoop writes: the state of the session's loop when it was asked.</summary>
public sealed class AsyncLoopInfo
{
    internal AsyncLoopInfo(RunspaceLoop session)
    {
        IReadOnlyList<AsyncTask> pending = session.Tasks.GetPending();
        PendingTasks = pending.Count;
        RunningTasks = pending.Count(task => task.State == AsyncState.Running);
        ReadyCallbacks = session.Loop.ReadyCount;
        CallbacksRun = session.Loop.CallbackCount;
        IsRunning = session.Loop.IsRunning;
        StandsStill = session.Loop.StandsStill;
        Uptime = session.Loop.Uptime;
        DebugMode = SessionDiagnostics.Of(session).Debugging.IsOn;
        SlowStepMilliseconds = (int)SessionDiagnostics.Of(session).Debugging.SlowStep.TotalMilliseconds;
        SlowSteps = session.Loop.Steps.SlowCount;
        Inline = session.IsInline;
        OnUnhandledError = SessionDiagnostics.Of(session).UnobservedFailures.Handler;
        ThreadLimit = ThreadTaskPool.Of(session).Limit;
        Threads = ThreadTaskPool.Of(session).WorkerCount;
        IdleThreads = ThreadTaskPool.Of(session).IdleCount;
        AbandonedThreads = ThreadTaskPool.Of(session).AbandonedCount;
    }

    /// <summary>Tasks that are not done.</summary>
    public int PendingTasks { get; }

    /// <summary>Of these, how many are running; the others wait for a permit or a place.</summary>
    public int RunningTasks { get; }

    /// <summary>Callbacks that wait for the loop's next turn.</summary>
    public int ReadyCallbacks { get; }

    /// <summary>Callbacks run since the loop was made.</summary>
    public long CallbacksRun { get; }

    /// <summary>Whether a waiting cmdlet is turning it.</summary>
    public bool IsRunning { get; }

    /// <summary>
    /// Whether something is pending that needs the loop and nobody turns that: no cmdlet waits, and the host has no idle prompt
    /// that would.
    /// </summary>
    public bool StandsStill { get; }

    /// <summary>Time since the loop was made.</summary>
    public TimeSpan Uptime { get; }

    /// <summary>Whether debug mode is on.</summary>
    public bool DebugMode { get; }

    /// <summary>How long a step may hold the loop before a warning.</summary>
    public int SlowStepMilliseconds { get; }

    /// <summary>How many steps have held it for longer.</summary>
    public long SlowSteps { get; }

    /// <summary>Whether what would run on threads runs on the loop.</summary>
    public bool Inline { get; }

    /// <summary>The block that gets failures which no script has seen; null for a warning.</summary>
    public ScriptBlock? OnUnhandledError { get; }

    /// <summary>How many thread tasks may run at once.</summary>
    public int ThreadLimit { get; }

    /// <summary>Threads with a runspace, busy or idle.</summary>
    public int Threads { get; }

    /// <summary>Of these, how many wait for work.</summary>
    public int IdleThreads { get; }

    /// <summary>Threads whose task would not stop and that have not come back.</summary>
    public int AbandonedThreads { get; }
}
