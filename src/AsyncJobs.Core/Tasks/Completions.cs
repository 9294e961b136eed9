namespace AsyncJobs;

/// <summary>
/// Watches several futures and wakes a loop as each ends (what asyncio's <c>wait</c> looks at). Disposing it lets go
/// of them.
/// </summary>
internal sealed class Completions : IDisposable
{
    private readonly EventLoop _loop;
    private readonly IReadOnlyList<Future> _futures;
    private readonly Action<Future> _whenDone;
    private int _doneCount;
    private Future? _first;
    private Future? _firstFailed;

    public Completions(EventLoop loop, IReadOnlyList<Future> futures)
    {
        _loop = loop;
        _futures = futures;
        _whenDone = WhenDone;
        foreach (Future future in futures)
        {
            future.MarkObserved();
            future.OnCompleted(_whenDone);
        }
    }

    /// <summary>How many have ended; one given twice counts twice.</summary>
    public int DoneCount => Volatile.Read(ref _doneCount);

    /// <summary>The first that ended.</summary>
    public Future? First => Volatile.Read(ref _first);

    /// <summary>The first that ended without a result.</summary>
    public Future? FirstFailed => Volatile.Read(ref _firstFailed);

    public void Dispose()
    {
        foreach (Future future in _futures)
        {
            future.RemoveContinuation(_whenDone);
        }
    }

    private void WhenDone(Future future)
    {
        Interlocked.CompareExchange(ref _first, future, null);
        if (future.Fault is not null)
        {
            Interlocked.CompareExchange(ref _firstFailed, future, null);
        }

        // Waking for each of many would cost more than looking once when all are done or the first has come.
        int done = Interlocked.Increment(ref _doneCount);
        if (done == 1 || done == _futures.Count || future.Fault is not null)
        {
            _loop.Wake();
        }
    }
}
