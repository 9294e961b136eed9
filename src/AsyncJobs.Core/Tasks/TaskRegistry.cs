using System.Collections.Concurrent;

namespace AsyncJobs;

/// <summary>
/// The tasks of one session. Those not done are held strongly, so that none is lost while it works; of those done the
/// last thousand are remembered weakly, so that results do not outlive the variables that hold them.
/// </summary>
internal sealed class TaskRegistry
{
    private const int Remembered = 1000;

    private readonly ConcurrentDictionary<int, AsyncTask> _pending = new();
    private readonly WeakReference<AsyncTask>?[] _done = new WeakReference<AsyncTask>?[Remembered];
    private readonly ConcurrentQueue<AsyncTask> _failed = new();
    private int _doneCount;

    /// <summary>How many are not done.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Those not done, oldest first.</summary>
    public IReadOnlyList<AsyncTask> GetPending() => [.. _pending.Values.OrderBy(task => task.Id)];

    /// <summary>Those not done and those done lately that somebody still holds, oldest first.</summary>
    public IReadOnlyList<AsyncTask> GetKnown()
    {
        var known = _pending.Values.ToDictionary(task => task.Id);
        lock (_done)
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
        var unobserved = new List<AsyncTask>();
        while (_failed.TryDequeue(out AsyncTask? task))
        {
            if (!task.IsObserved)
            {
                unobserved.Add(task);
            }
        }

        return unobserved;
    }

    /// <summary>Asks everything that is not done to stop.</summary>
    /// <param name="reason">Why, for whoever awaits.</param>
    public void StopAll(string reason)
    {
        foreach (AsyncTask task in _pending.Values)
        {
            task.Cancel(reason);
        }
    }

    internal void Add(AsyncTask task) => _pending[task.Id] = task;

    internal void Remove(AsyncTask task)
    {
        if (task.IsFaulted)
        {
            _failed.Enqueue(task);
        }

        Remember(task);
        _pending.TryRemove(task.Id, out _);
    }

    private void Remember(AsyncTask task)
    {
        lock (_done)
        {
            // The slots' references are used again: a weak handle for each task would cost more than the task.
            ref WeakReference<AsyncTask>? slot = ref _done[_doneCount++ % Remembered];
            if (slot is null)
            {
                slot = new WeakReference<AsyncTask>(task);
            }
            else
            {
                slot.SetTarget(task);
            }

            if (_doneCount == Remembered * 2)
            {
                _doneCount = Remembered;
            }
        }
    }
}
