using System.Diagnostics;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Pool;

/// <summary>
/// The runspaces of a session's thread tasks, each with a thread of its own. Grows on demand up to its limit and
/// shrinks when idle. Opening a runspace is work for a processor, so only a few are opened at once; runs that find none
/// free wait in a queue for whichever comes first, a new one or one that is done with its task.
/// </summary>
/// <param name="family">What the session and those of its thread tasks have in common.</param>
internal sealed partial class ThreadTaskPool(object family) : IDisposable
{
    /// <summary>How many thread tasks run at once unless told otherwise: blocking work waits more than it computes.</summary>
    public const int DefaultLimit = 256;

    /// <summary>How long a task that was stopped may take for its finally blocks before its runspace is closed.</summary>
    public static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(3);

    private readonly object _gate = new();
    private bool _isDisposed;

    /// <summary>Held by the one run that may call methods of another session now.</summary>
    public SemaphoreSlim ForeignCall { get; } = new(1);

    /// <inheritdoc cref="RunspaceLoop.Family"/>
    public object Family => family;

    /// <summary>One permit for each task that may run now; the task's runner takes it.</summary>
    public AsyncSemaphore Places { get; } = new(DefaultLimit);

    /// <summary>How many thread tasks may run at once.</summary>
    public int Limit { get; private set; } = DefaultLimit;

    /// <summary>Threads with a runspace, busy and idle, without those abandoned.</summary>
    public int WorkerCount => CountOf(_workers);

    /// <summary>Threads whose task would not stop and that have not come back yet.</summary>
    public int AbandonedCount => CountOf(_abandoned.Keys);

    public int IdleCount => CountOf(_idle);

    /// <summary>The threads of a session's tasks, and of the tasks that these start. From any thread.</summary>
    public static ThreadTaskPool Of(RunspaceLoop session) => session.Part(static session => new ThreadTasks(session)).Pool;

    /// <summary>Starts a script block on a pooled runspace.</summary>
    /// <param name="session">The session whose task it is.</param>
    /// <param name="work">The block and what it takes along.</param>
    /// <param name="options">What is said of the task.</param>
    /// <param name="input">The pipeline object it is for.</param>
    /// <param name="host">Shows what Write-Host writes at once; null for none.</param>
    /// <param name="sink">Gets a copy of all that the task writes; null for none.</param>
    public static AsyncTask Start(
        RunspaceLoop session, ScriptWork work, TaskOptions options, object? input, StreamingHost? host = null, ITaskRecordSink? sink = null)
    {
        ThreadTaskPool pool = Of(session);
        var streams = new TaskStreams(host, sink);
        return session.Runner.Start(
            AsyncTaskKind.Thread,
            (task, stop) =>
            {
                streams.Owner = task;
                sink?.Begin();
                return pool.RunAsync(work, streams, stop);
            },
            options,
            input,
            streams);
    }

    /// <summary>Begins to open a runspace where there is none yet: while the caller finds out what its first task takes along.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            if (_workers.Count == 0 && !_isDisposed)
            {
                AddWorkerNeedsLock();
            }
        }
    }

    /// <summary>Runs a block once on a free worker.</summary>
    /// <param name="work">The block and what it takes along.</param>
    /// <param name="streams">Gets its records.</param>
    /// <param name="cancellationToken">Stops its pipeline.</param>
    public Task<object?> RunAsync(ScriptWork work, TaskStreams streams, CancellationToken cancellationToken)
    {
        var run = new ThreadRun(work, streams);
        if (streams.Owner is { } task)
        {
            task.Carrier = run;
        }

        Offer(run);
        return new RunFollower(this, run).FollowAsync(cancellationToken);
    }

    /// <summary>Changes the limit. Where more tasks run than the new one allows, they go on, and no other starts meanwhile.</summary>
    /// <param name="limit">At least one.</param>
    public void SetLimit(int limit)
    {
        int more;
        lock (_gate)
        {
            more = limit - Limit;
            Limit = limit;
        }

        for (int i = 0; i < more; i++)
        {
            Places.Release();
        }

        for (int i = more; i < 0; i++)
        {
            TakePlace();
        }
    }

    /// <summary>Whether a runspace is one of its workers'.</summary>
    public bool Owns(Runspace runspace)
    {
        lock (_gate)
        {
            return _workers.Any(worker => worker.Runspace == runspace);
        }
    }

    /// <summary>
    /// Lends the place of a task that waits for other tasks to whoever needs it: tasks that wait for tasks never use up the pool.
    /// </summary>
    public void LendPlace() => Places.Release();

    /// <summary>
    /// Takes a place back without waiting for it: a task whose wait is over goes on at once, and while it is one too
    /// many, the next place that comes free is its own.
    /// </summary>
    public void TakePlace() => _ = Places.EnterAsync();

    /// <summary>
    /// Lets idle workers go, and the others when their tasks, which have been stopped, have run their finally blocks; what
    /// has not ended by then is left, with its runspace closing.
    /// </summary>
    public void Dispose()
    {
        ThreadWorker[] idle, busy;
        KeyValuePair<ThreadWorker, long>[] abandoned;
        ThreadRun[] waiting;
        lock (_gate)
        {
            _isDisposed = true;
            idle = [.. _idle];
            busy = [.. _workers.Except(_idle)];
            abandoned = [.. _abandoned];
            waiting = [.. _waiting];
            _idle.Clear();
            _waiting.Clear();
        }

        foreach (ThreadRun run in waiting)
        {
            run.Fail(new OperationCanceledException());
        }

        foreach (ThreadWorker worker in idle.Concat(busy))
        {
            worker.Retire();
        }

        long begun = Stopwatch.GetTimestamp();
        KeyValuePair<ThreadWorker, long>[] ending = [.. busy.Select(worker => KeyValuePair.Create(worker, begun)), .. abandoned];
        foreach ((ThreadWorker worker, long since) in ending)
        {
            TimeSpan left = EndGrace - Stopwatch.GetElapsedTime(since);
            worker.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        foreach ((ThreadWorker worker, _) in ending)
        {
            worker.CloseOnOwnThread();
        }
    }

    private int CountOf(IReadOnlyCollection<ThreadWorker> workers)
    {
        lock (_gate)
        {
            return workers.Count;
        }
    }
}
