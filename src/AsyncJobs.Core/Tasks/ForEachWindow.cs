using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Core.Tasks;

/// <summary>
/// The tasks of a lazy for-each that are running or have ended and not been taken, handed on in the order in which
/// they were added or in which they ended. On the loop's thread, but for the tasks' own endings.
/// </summary>
internal sealed class ForEachWindow(EventLoop loop, bool asCompleted) : IWaitedFor
{
    // Changed on the loop's thread alone, under a lock for those who look from elsewhere.
    private readonly HashSet<AsyncTask> _outstanding = [];

    // Used as the order asks for: the one in input order, the other in order of ending.
    private readonly Queue<AsyncTask> _inOrder = new();
    private readonly ConcurrentQueue<AsyncTask> _ended = new();
    private readonly ChangeSignal _ending = new(loop);
    private int _addedCount;
    private int _doneCount;
    private int _failedCount;

    /// <summary>How many tasks have been added and have not ended.</summary>
    public int RunningCount => _addedCount - DoneCount;

    /// <summary>How many tasks have been added and not been taken.</summary>
    public int OutstandingCount => _outstanding.Count;

    /// <summary>How many tasks have ended.</summary>
    public int DoneCount => Volatile.Read(ref _doneCount);

    /// <summary>How many tasks have ended without a result.</summary>
    public int FailedCount => Volatile.Read(ref _failedCount);

    /// <summary>Whether the next task can be taken.</summary>
    public bool HasNext => asCompleted ? !_ended.IsEmpty : _inOrder.TryPeek(out AsyncTask? head) && head.IsCompleted;

    /// <summary>
    /// A future that is done when a condition holds that endings bring about, or at the next ending: whoever waits looks
    /// again then.
    /// </summary>
    /// <param name="holds">The condition itself. To count endings would miss those between the caller's look and the count.</param>
    public Future NextEnding(Func<bool> holds) => _ending.NextChange(holds);

    public void Add(AsyncTask task)
    {
        _addedCount++;
        lock (_outstanding)
        {
            _outstanding.Add(task);
        }

        if (!asCompleted)
        {
            _inOrder.Enqueue(task);
        }

        task.OnCompleted(Ended);
    }

    public bool TryTakeNext([NotNullWhen(true)] out AsyncTask? task)
    {
        task = null;
        bool isTaken = asCompleted ? _ended.TryDequeue(out task) : HasNext && _inOrder.TryDequeue(out task);
        if (isTaken)
        {
            lock (_outstanding)
            {
                _outstanding.Remove(task!);
            }
        }

        return isTaken;
    }

    /// <summary>The tasks that have not ended; from any thread.</summary>
    public IReadOnlyList<object> GetWaitedFor()
    {
        lock (_outstanding)
        {
            return [.. _outstanding.Where(task => !task.IsCompleted)];
        }
    }

    /// <summary>Asks all tasks that run to stop.</summary>
    public void StopAll(string reason)
    {
        foreach (AsyncTask task in _outstanding)
        {
            task.Cancel(reason);
        }
    }

    private void Ended(Future future)
    {
        if (asCompleted)
        {
            _ended.Enqueue((AsyncTask)future);
        }

        if (future.Fault is not null)
        {
            Interlocked.Increment(ref _failedCount);
        }

        Interlocked.Increment(ref _doneCount);
        _ending.Notify();
    }
}
