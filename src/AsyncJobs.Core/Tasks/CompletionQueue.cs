using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Core.Tasks;

/// <summary>
/// Hands futures on as they end (asyncio's <c>as_completed</c>): in the order of their endings, or in that in which they were
/// added. On the loop's thread, but for the futures' own endings.
/// </summary>
/// <param name="loop">The loop of whoever takes the futures.</param>
/// <param name="inInputOrder">Whether a future that has ended waits for those added before it.</param>
internal sealed class CompletionQueue(EventLoop loop, bool inInputOrder = false) : IWaitedFor
{
    // Changed on the loop's thread alone, under a lock for those who look from elsewhere.
    private readonly HashSet<Future> _outstanding = [];

    // Used as the order asks for: the one in order of ending, the other in input order.
    private readonly ConcurrentQueue<Future> _ended = new();
    private readonly Queue<Future> _inOrder = new();
    private readonly ChangeSignal _ending = new(loop);
    private int _addedCount;
    private int _doneCount;
    private int _failedCount;
    private Future? _firstFailed;

    /// <summary>How many futures have been added.</summary>
    public int AddedCount => _addedCount;

    /// <summary>How many futures have been added and have not ended.</summary>
    public int RunningCount => _addedCount - DoneCount;

    /// <summary>How many futures have been added and not been taken.</summary>
    public int OutstandingCount => _outstanding.Count;

    public int DoneCount => Volatile.Read(ref _doneCount);

    /// <summary>How many futures have ended without a result.</summary>
    public int FailedCount => Volatile.Read(ref _failedCount);

    /// <summary>The first future that ended without a result, in order of time; null while there is none.</summary>
    public Future? FirstFailed => Volatile.Read(ref _firstFailed);

    /// <summary>In input order: the future that is taken next; null where there is none.</summary>
    public Future? Head => _inOrder.TryPeek(out Future? head) ? head : null;

    /// <summary>Whether a future can be taken now.</summary>
    public bool HasNext => inInputOrder ? _inOrder.TryPeek(out Future? head) && head.IsCompleted : !_ended.IsEmpty;

    /// <summary>A future that is done when one of those added can be taken.</summary>
    public Future NextArrival() => NextEnding(() => HasNext);

    /// <summary>
    /// A future that is done when a condition holds that endings bring about, or at the next ending: whoever waits looks
    /// again then.
    /// </summary>
    /// <param name="holds">The condition itself. To count endings would miss those between the caller's look and the count.</param>
    public Future NextEnding(Func<bool> holds) => _ending.NextChange(holds);

    /// <summary>The added futures that are not done; from any thread.</summary>
    public IReadOnlyList<object> GetWaitedFor()
    {
        lock (_outstanding)
        {
            return [.. _outstanding.Where(future => !future.IsCompleted)];
        }
    }

    /// <summary>Adds a future; one that has been added and not taken comes once all the same.</summary>
    public void Add(Future future)
    {
        lock (_outstanding)
        {
            if (!_outstanding.Add(future))
            {
                return;
            }
        }

        _addedCount++;
        if (inInputOrder)
        {
            _inOrder.Enqueue(future);
        }

        future.OnCompleted(Ended);
    }

    /// <summary>Takes the next future that has ended.</summary>
    public bool TryTake([NotNullWhen(true)] out Future? future)
    {
        future = null;
        bool isTaken = inInputOrder ? HasNext && _inOrder.TryDequeue(out future) : _ended.TryDequeue(out future);
        if (isTaken)
        {
            lock (_outstanding)
            {
                _outstanding.Remove(future!);
            }
        }

        return isTaken;
    }

    /// <summary>Takes the futures up to one, which is left out: those that have ended, in order.</summary>
    public IEnumerable<Future> TakeEndedBefore(Future last)
    {
        while (Head is { } head && head != last)
        {
            _inOrder.Dequeue();
            if (head.IsCompleted)
            {
                yield return head;
            }
        }
    }

    /// <summary>Cancels all futures that have not ended.</summary>
    public void StopAll(string reason)
    {
        foreach (Future future in _outstanding)
        {
            future.Cancel(reason);
        }
    }

    /// <summary>Lets go of the futures that have not ended.</summary>
    public void Detach()
    {
        foreach (Future future in _outstanding)
        {
            future.RemoveContinuation(Ended);
        }
    }

    private void Ended(Future future)
    {
        if (!inInputOrder)
        {
            _ended.Enqueue(future);
        }

        if (future.Fault is not null)
        {
            Interlocked.CompareExchange(ref _firstFailed, future, null);
            Interlocked.Increment(ref _failedCount);
        }

        Interlocked.Increment(ref _doneCount);
        _ending.Notify();
    }
}
