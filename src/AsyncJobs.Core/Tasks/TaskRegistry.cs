namespace AsyncJobs;

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

    private readonly WeakReference<AsyncTask>?[] _done = new WeakReference<AsyncTask>?[Remembered];
    private int _nextSlot;

    // Under _gate. Now and then those that somebody has looked at are dropped, so it never holds more than twice as many
    // as matter.
    private List<AsyncTask> _failed = [];
    private int _failedLimit = FewFailures;

    /// <summary>How many are not done.</summary>
    public int PendingCount => Volatile.Read(ref _pendingCount);

    /// <summary>Those not done, oldest first.</summary>
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

    /// <summary>Those not done and those done lately that somebody still holds, oldest first.</summary>
    public IReadOnlyList<AsyncTask> GetKnown()
    {
        var known = GetPending().ToDictionary(task => task.Id);
        lock (_gate)
        {
            foreach (WeakReference<AsyncTask>? reference in _done)
            {
                if (reference is not null && reference.TryGetTarget(out AsyncTask? task))
                {
                    known[task.Id] = task;
                }
            }
        }

        return [.. known.Values.OrderBy(task => task.Id)];
    }

    /// <summary>Takes the failed tasks that nobody has looked at by now.</summary>
    public IReadOnlyList<AsyncTask> TakeUnobservedFailures()
    {
        List<AsyncTask> failed;
        lock (_gate)
        {
            failed = _failed;
            _failed = [];
        }

        failed.RemoveAll(static task => task.IsObserved);
        return failed;
    }

    /// <summary>Asks everything that is not done to stop.</summary>
    /// <param name="reason">Why, for whoever awaits.</param>
    public void StopAll(string reason)
    {
        foreach (AsyncTask task in GetPending())
        {
            task.Cancel(reason);
        }
    }

    internal void Add(AsyncTask task)
    {
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
            _pendingCount++;
        }
    }

    internal void Remove(AsyncTask task)
    {
        lock (_gate)
        {
            if (task.IsFaulted)
            {
                AddFailedNeedsGate(task);
            }

            RememberNeedsGate(task);
            UnlinkNeedsGate(task);
        }
    }

    private void AddFailedNeedsGate(AsyncTask task)
    {
        if (_failed.Count >= _failedLimit)
        {
            _failed.RemoveAll(static task => task.IsObserved);
            _failedLimit = Math.Max(FewFailures, 2 * _failed.Count);
        }

        _failed.Add(task);
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
