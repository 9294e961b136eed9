using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>
/// The runspaces of a session's thread tasks, each with a thread of its own. Grows on demand up to its limit and
/// shrinks when idle.
/// </summary>
internal sealed class ThreadTaskPool : IDisposable
{
    /// <summary>How many thread tasks run at once unless told otherwise: blocking work waits more than it computes.</summary>
    public const int DefaultLimit = 256;

    private readonly object _gate = new();

    // Last in, first out, so that those not needed become idle long enough to go.
    private readonly Stack<ThreadWorker> _idle = new();

    private readonly HashSet<ThreadWorker> _workers = [];
    private readonly HashSet<ThreadWorker> _abandoned = [];
    private bool _isDisposed;

    /// <summary>One permit for each task that may run now; the task's runner takes it, so no work ever queues here.</summary>
    public AsyncSemaphore Places { get; } = new(DefaultLimit);

    /// <summary>How many thread tasks may run at once.</summary>
    public int Limit { get; private set; } = DefaultLimit;

    /// <summary>Threads with a runspace, busy and idle, without those abandoned.</summary>
    public int WorkerCount => CountOf(_workers);

    /// <summary>Threads whose task would not stop and that have not come back yet.</summary>
    public int AbandonedCount => CountOf(_abandoned);

    /// <summary>Threads that wait for work.</summary>
    public int IdleCount => CountOf(_idle);

    /// <summary>Begins to open a runspace where there is none yet: while the caller finds out what its first task takes along.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            if (_workers.Count == 0 && !_isDisposed)
            {
                _idle.Push(AddWorkerNeedsLock());
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
        ThreadWorker worker = TakeWorker();
        while (!worker.TryGive(run))
        {
            // Its runspace was closed by somebody else while it was idle.
            worker = TakeWorker();
        }

        return worker.FollowAsync(run, cancellationToken);
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

    /// <summary>Lends the place of a task that waits for other tasks to whoever needs it: tasks that wait for tasks never use up the pool.</summary>
    public void LendPlace() => Places.Release();

    /// <summary>
    /// Takes a place back without waiting for it: a task whose wait is over goes on at once, and while it is one too
    /// many, the next place that comes free is its own.
    /// </summary>
    public void TakePlace() => _ = Places.EnterAsync();

    /// <summary>Lets idle workers go, and begins to close the runspaces of busy ones; waits for no block.</summary>
    public void Dispose()
    {
        ThreadWorker[] idle, busy;
        lock (_gate)
        {
            _isDisposed = true;
            idle = [.. _idle];
            busy = [.. _workers.Except(_idle)];
            _idle.Clear();
        }

        foreach (ThreadWorker worker in idle)
        {
            worker.Retire();
        }

        foreach (ThreadWorker worker in busy)
        {
            worker.CloseOnOwnThread();
        }
    }

    /// <summary>Takes a worker back; false tells it to go.</summary>
    internal bool TryReturn(ThreadWorker worker)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return false;
            }

            _idle.Push(worker);
            return true;
        }
    }

    /// <summary>Takes a worker that has been idle for long off the list; false if it was given work meanwhile.</summary>
    internal bool TryRemoveIdle(ThreadWorker worker)
    {
        lock (_gate)
        {
            return RemoveIdleNeedsLock(worker);
        }
    }

    /// <summary>A worker's task would not stop: its place is free, but its thread is still there.</summary>
    internal void WorkerAbandoned(ThreadWorker worker)
    {
        lock (_gate)
        {
            // It may have come back, and gone, in this instant.
            if (_workers.Remove(worker))
            {
                _abandoned.Add(worker);
            }
        }
    }

    /// <summary>A worker's thread ends.</summary>
    internal void WorkerGone(ThreadWorker worker)
    {
        lock (_gate)
        {
            RemoveIdleNeedsLock(worker);
            _workers.Remove(worker);
            _abandoned.Remove(worker);
        }
    }

    private bool RemoveIdleNeedsLock(ThreadWorker worker)
    {
        if (!_idle.Contains(worker))
        {
            return false;
        }

        ThreadWorker[] kept = [.. _idle.Where(other => other != worker).Reverse()];
        _idle.Clear();
        foreach (ThreadWorker other in kept)
        {
            _idle.Push(other);
        }

        return true;
    }

    private int CountOf(IReadOnlyCollection<ThreadWorker> workers)
    {
        lock (_gate)
        {
            return workers.Count;
        }
    }

    private ThreadWorker TakeWorker()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _idle.TryPop(out ThreadWorker? idle) ? idle : AddWorkerNeedsLock();
        }
    }

    private ThreadWorker AddWorkerNeedsLock()
    {
        var worker = new ThreadWorker(this);
        _workers.Add(worker);
        return worker;
    }
}
