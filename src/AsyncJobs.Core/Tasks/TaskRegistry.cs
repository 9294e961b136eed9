using System.Collections.Concurrent;

namespace AsyncJobs.Core.Tasks;

/// <summary>
/// The tasks of one session. Those not done are held strongly, so that none is lost while it works; of those done the
/// last thousand are remembered weakly, so that results do not outlive the variables that hold them.
/// </summary>
internal sealed class TaskRegistry
{
    private const int Remembered = 1000;
    private const int FewFailures = 64;

    private readonly object _gate = new();

    // A list through the tasks themselves, oldest first; under _gate.
    private AsyncTask? _first;
    private AsyncTask? _last;
    private int _pendingCount;
    private int _coroutineCount;
    private int _unsettledCount;
    private TaskTotals _totals;

    private readonly WeakReference<AsyncTask>?[] _done = new WeakReference<AsyncTask>?[Remembered];
    private readonly ConcurrentQueue<AsyncTask> _completed = new();
    private int _nextSlot;

    // Under _gate. Now and then those that somebody has looked at are dropped, so it never holds more than twice as many
    // as matter.
    private List<Future> _failed = [];
    private int _failedLimit = FewFailures;
    private bool _hasDiscardedFailures;

    /// <summary>Makes a registry, which the process's instruments look at.</summary>
    public TaskRegistry() => TaskInstruments.Add(this);

    /// <summary>Whether tasks that end unawaited are kept until somebody takes them.</summary>
    public bool KeepsUnawaited { get; set; }

    /// <summary>How many tasks are not done.</summary>
    public int PendingCount => Volatile.Read(ref _pendingCount);

    /// <summary>How many of the tasks that are not done are coroutines.</summary>
    public int CoroutineCount => Volatile.Read(ref _coroutineCount);

    /// <summary>The tasks not done, oldest first.</summary>
    public IReadOnlyList<AsyncTask> GetPending()
    {
        lock (_gate)
        {
            var pending = new List<AsyncTask>(_pendingCount);
            for (AsyncTask? task = _first; task is not null; task = task.NextPending)
            {
                pending.Add(task);
            }

            return pending;
        }
    }

    /// <summary>How many tasks were started, and have ended, since the session began.</summary>
    public TaskTotals Totals
    {
        get
        {
            lock (_gate)
            {
                return _totals;
            }
        }
    }

    /// <summary>The tasks done lately that somebody still holds, in no order.</summary>
    public IReadOnlyList<AsyncTask> GetDone()
    {
        var done = new List<AsyncTask>();
        lock (_gate)
        {
            foreach (WeakReference<AsyncTask>? reference in _done)
            {
                if (reference is not null && reference.TryGetTarget(out AsyncTask? task))
                {
                    done.Add(task);
                }
            }
        }

        return done;
    }

    /// <summary>The tasks not done, and those done lately that somebody still holds, oldest first.</summary>
    public IReadOnlyList<AsyncTask> GetKnown()
    {
        var known = GetPending().ToDictionary(task => task.Id);
        foreach (AsyncTask task in GetDone())
        {
            known[task.Id] = task;
        }

        return [.. known.Values.OrderBy(task => task.Id)];
    }

    /// <summary>Counts a plain future among the failures too, if it comes to fail. The future is not held meanwhile.</summary>
    public void NoteFailureOf(Future future) => future.OnCompleted(NoteFailure);

    /// <summary>Whether a task that was thrown away has failed, and nobody has taken that.</summary>
    public bool HasDiscardedFailures => Volatile.Read(ref _hasDiscardedFailures);

    /// <summary>Lets go of the failed tasks that somebody has looked at, unless there are many to go through.</summary>
    public void DropObservedFailures()
    {
        lock (_gate)
        {
            if (_failed.Count is > 0 and <= FewFailures)
            {
                _failed.RemoveAll(static task => task.IsObserved);
            }
        }
    }

    /// <summary>Takes the failed tasks and futures that nobody has looked at by now.</summary>
    /// <param name="onlyDiscarded">Only those that were thrown away: others may be looked at yet.</param>
    /// <param name="awaited">Those that are being awaited, and stay; null for none.</param>
    public IReadOnlyList<Future> TakeUnobservedFailures(bool onlyDiscarded = false, IReadOnlySet<Future>? awaited = null)
    {
        lock (_gate)
        {
            _hasDiscardedFailures = false;
            _failed.RemoveAll(static task => task.IsObserved);
            ILookup<bool, Future> isTaken = _failed.ToLookup(task =>
                (!onlyDiscarded || task is AsyncTask { IsDiscarded: true }) && awaited?.Contains(task) != true);
            _failed = [.. isTaken[false]];
            return [.. isTaken[true]];
        }
    }

    /// <summary>Takes the tasks that have ended well and that nobody has awaited by now; they are kept in debug mode only.</summary>
    public IReadOnlyList<AsyncTask> TakeUnawaited()
    {
        var unawaited = new List<AsyncTask>();
        while (_completed.TryDequeue(out AsyncTask? task))
        {
            if (!task.IsObserved)
            {
                unawaited.Add(task);
            }
        }

        return unawaited;
    }

    /// <summary>
    /// Asks everything that is not done to stop, each task once: what it awaits at its end is not cancelled by the end of
    /// what it belongs to.
    /// </summary>
    /// <param name="reason">Why, for whoever awaits.</param>
    public void StopAll(string reason)
    {
        foreach (AsyncTask task in GetPending())
        {
            task.IsStoppedWithSession = true;
            task.Cancel(reason);
        }
    }

    internal void Add(AsyncTask task)
    {
        Interlocked.Increment(ref _unsettledCount);
        lock (_gate)
        {
            task.PreviousPending = _last;
            if (_last is null)
            {
                _first = task;
            }
            else
            {
                _last.NextPending = task;
            }

            _last = task;
            _totals.Started++;
            _pendingCount++;
            _coroutineCount += task.Kind == AsyncTaskKind.Coroutine ? 1 : 0;
        }
    }

    /// <summary>How many tasks have not ended, or have and are just telling those who wait.</summary>
    internal int UnsettledCount => Volatile.Read(ref _unsettledCount);

    /// <summary>Called after each task's end; null for nothing.</summary>
    internal Action? TaskSettled { get; set; }

    internal void Settled()
    {
        Interlocked.Decrement(ref _unsettledCount);
        TaskSettled?.Invoke();
    }

    internal void Remove(AsyncTask task)
    {
        if (KeepsUnawaited && task is { State: AsyncState.Completed, IsObserved: false })
        {
            _completed.Enqueue(task);
        }

        lock (_gate)
        {
            if (task.IsFaulted)
            {
                AddFailedNeedsGate(task);
            }

            _totals.CountEnd(task.State);
            RememberNeedsGate(task);
            UnlinkNeedsGate(task);
        }
    }

    private void NoteFailure(Future ended)
    {
        if (ended.IsFaulted)
        {
            lock (_gate)
            {
                AddFailedNeedsGate(ended);
            }
        }
    }

    private void AddFailedNeedsGate(Future ended)
    {
        if (_failed.Count >= _failedLimit)
        {
            _failed.RemoveAll(static known => known.IsObserved);
            _failedLimit = Math.Max(FewFailures, 2 * _failed.Count);
        }

        _failed.Add(ended);
        if (ended is AsyncTask { IsDiscarded: true })
        {
            Volatile.Write(ref _hasDiscardedFailures, true);
            ended.Loop.Wake();
        }
    }

    private void UnlinkNeedsGate(AsyncTask task)
    {
        (AsyncTask? previous, AsyncTask? next) = (task.PreviousPending, task.NextPending);
        if (previous is null)
        {
            _first = next;
        }
        else
        {
            previous.NextPending = next;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.PreviousPending = previous;
        }

        (task.PreviousPending, task.NextPending) = (null, null);
        _pendingCount--;
        _coroutineCount -= task.Kind == AsyncTaskKind.Coroutine ? 1 : 0;
    }

    private void RememberNeedsGate(AsyncTask task)
    {
        // The slots' references are used again: a weak handle for each task would cost more than the task.
        ref WeakReference<AsyncTask>? slot = ref _done[_nextSlot];
        if (slot is null)
        {
            slot = new WeakReference<AsyncTask>(task);
        }
        else
        {
            slot.SetTarget(task);
        }

        _nextSlot = (_nextSlot + 1) % Remembered;
    }
}
