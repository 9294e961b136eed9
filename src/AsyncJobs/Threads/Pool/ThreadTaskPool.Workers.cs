using System.Diagnostics;

namespace AsyncJobs.Threads.Pool;

/// <summary>How runs come to workers.</summary>
internal sealed partial class ThreadTaskPool
{
    // Last in, first out, so that those not needed become idle long enough to go.
    private readonly Stack<ThreadWorker> _idle = new();

    private readonly HashSet<ThreadWorker> _workers = [];
    // With when that was.
    private readonly Dictionary<ThreadWorker, long> _abandoned = [];

    // Runs without a worker. While there are some, that many workers are being opened, or as many as are opened at once.
    private readonly LinkedList<ThreadRun> _waiting = [];
    private int _openingCount;

    // One more than there are processors, because opening waits now and then, for the disk or the thread pool.
    private static int OpenedAtOnce { get; } = Environment.ProcessorCount + 1;

    /// <summary>Takes a worker on whose runspace is open now; false tells it to go.</summary>
    internal bool TryAdd(ThreadWorker worker) => TryTakeIn(worker, isNew: true);

    /// <summary>Takes a worker back that is done with its run; false tells it to go.</summary>
    internal bool TryReturn(ThreadWorker worker) => TryTakeIn(worker, isNew: false);

    /// <summary>Takes a run back that no worker has got yet; false if one has.</summary>
    internal bool TryWithdraw(ThreadRun run)
    {
        lock (_gate)
        {
            return _waiting.Remove(run);
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
                _abandoned.Add(worker, Stopwatch.GetTimestamp());
            }
        }
    }

    internal void WorkerGone(ThreadWorker worker)
    {
        lock (_gate)
        {
            RemoveIdleNeedsLock(worker);
            _workers.Remove(worker);
            _abandoned.Remove(worker);
        }
    }

    /// <summary>A worker's runspace could not be opened; the run that has waited longest learns why.</summary>
    internal void OpeningFailed(Exception problem)
    {
        ThreadRun? run;
        lock (_gate)
        {
            _openingCount--;
            run = TakeWaitingNeedsLock();
            GrowNeedsLock(_waiting.Count);
        }

        run?.Fail(problem);
    }

    /// <summary>A worker's runspace broke before it began a run: another has it once more, and after that it fails.</summary>
    internal void GiveElsewhere(ThreadRun run, Exception problem)
    {
        if (run.IsSecondTry)
        {
            run.Fail(problem);
            return;
        }

        run.IsSecondTry = true;
        Offer(run);
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

    /// <summary>Gives a run to an idle worker, or has it wait for one.</summary>
    private void Offer(ThreadRun run)
    {
        while (true)
        {
            ThreadWorker? idle;
            lock (_gate)
            {
                if (_isDisposed)
                {
                    run.Fail(new ObjectDisposedException(nameof(ThreadTaskPool)));
                    return;
                }

                if (!_idle.TryPop(out idle))
                {
                    GrowNeedsLock(_waiting.Count + 1);
                    _waiting.AddLast(run);
                    return;
                }
            }

            // It refuses if its runspace was closed by somebody else while it was idle.
            if (idle.TryGive(run))
            {
                return;
            }
        }
    }

    /// <summary>A worker that nobody else can give a run to now: it gets one that waits, or is idle.</summary>
    private bool TryTakeIn(ThreadWorker worker, bool isNew)
    {
        ThreadRun? run;
        lock (_gate)
        {
            if (isNew)
            {
                _openingCount--;
            }

            if (_isDisposed)
            {
                return false;
            }

            run = TakeWaitingNeedsLock();
            if (run is null)
            {
                _idle.Push(worker);
                return true;
            }

            GrowNeedsLock(_waiting.Count);
        }

        if (worker.TryGive(run))
        {
            return true;
        }

        Offer(run);
        return false;
    }

    private ThreadRun? TakeWaitingNeedsLock()
    {
        if (_waiting.First is not { Value: var run })
        {
            return null;
        }

        _waiting.RemoveFirst();
        return run;
    }

    /// <summary>Opens as many runspaces as are wanted for runs that wait.</summary>
    private void GrowNeedsLock(int waiting)
    {
        while (_openingCount < Math.Min(waiting, OpenedAtOnce))
        {
            try
            {
                AddWorkerNeedsLock();
            }
            catch (OutOfMemoryException) when (_workers.Count > 0)
            {
                // The machine gives no more threads; those there are will do.
                return;
            }
        }
    }

    private void AddWorkerNeedsLock()
    {
        _workers.Add(new ThreadWorker(this));
        _openingCount++;
    }
}
