using System.Collections.Concurrent;

namespace AsyncJobs.Core.Tasks;

/// <summary>Hands futures on in the order in which they end (asyncio's <c>as_completed</c>). One given twice comes once.</summary>
internal sealed class CompletionQueue(EventLoop loop) : IWaitedFor
{
    private readonly ConcurrentQueue<Future> _done = new();

    // Changed on the loop's thread alone, under a lock for those who look from elsewhere.
    private readonly HashSet<Future> _added = [];
    private readonly Dictionary<Future, Action<Future>> _waitingFor = [];
    private readonly ChangeSignal _arrival = new(loop);

    /// <summary>How many futures were added and not yet taken.</summary>
    public int OutstandingCount { get; private set; }

    /// <summary>Whether a future can be taken now.</summary>
    public bool HasCompleted => !_done.IsEmpty;

    /// <summary>A future that is done when one of those added can be taken.</summary>
    public Future NextArrival() => _arrival.NextChange(() => HasCompleted);

    /// <summary>The added futures that are not done; from any thread.</summary>
    public IReadOnlyList<object> GetWaitedFor()
    {
        lock (_added)
        {
            return [.. _added.Where(future => !future.IsCompleted)];
        }
    }

    /// <summary>Adds a future; on the loop's thread.</summary>
    /// <returns>False if the future was added before.</returns>
    public bool Add(Future future)
    {
        lock (_added)
        {
            if (!_added.Add(future))
            {
                return false;
            }
        }

        OutstandingCount++;
        future.MarkObserved();
        Action<Future> whenDone = Arrived;
        _waitingFor[future] = whenDone;
        future.OnCompleted(whenDone);
        return true;
    }

    /// <summary>Takes the next future that has ended; on the loop's thread.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Future? future)
    {
        if (!_done.TryDequeue(out future))
        {
            return false;
        }

        OutstandingCount--;
        _waitingFor.Remove(future);
        return true;
    }

    /// <summary>Lets go of the futures that have not ended.</summary>
    public void Detach()
    {
        foreach ((Future future, Action<Future> whenDone) in _waitingFor)
        {
            future.RemoveContinuation(whenDone);
        }

        _waitingFor.Clear();
    }

    private void Arrived(Future future)
    {
        _done.Enqueue(future);
        _arrival.Notify();
    }
}
