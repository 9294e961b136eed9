namespace AsyncJobs;

/// <summary>
/// Watches several futures for a loop (what asyncio's <c>wait</c> looks at). What it tells changes only on the loop,
/// in turn with the futures' other callbacks: those that were registered before have run by then.
/// </summary>
internal sealed class Completions : IDisposable
{
    private readonly EventLoop _loop;
    private readonly IReadOnlyList<Future> _futures;
    private readonly Action<Future> _whenDone;
    private readonly Action _publish;

    // Changed by whichever threads complete the futures; the properties are what the loop has been told.
    private int _doneCount;
    private Future? _first;
    private Future? _firstFailed;

    public Completions(EventLoop loop, IReadOnlyList<Future> futures)
    {
        _loop = loop;
        _futures = futures;
        _whenDone = WhenDone;
        _publish = Publish;
        foreach (Future future in futures)
        {
            future.MarkObserved();
            future.OnCompleted(_whenDone);
        }

        Publish();
    }

    /// <summary>How many have ended; one given twice counts twice.</summary>
    public int DoneCount { get; private set; }

    /// <summary>The first that ended.</summary>
    public Future? First { get; private set; }

    /// <summary>The first that failed. One that was cancelled has not, as in asyncio's <c>FIRST_EXCEPTION</c>.</summary>
    public Future? FirstFailed { get; private set; }

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
        if (future.IsFaulted)
        {
            Interlocked.CompareExchange(ref _firstFailed, future, null);
        }

        // Telling the loop of each of many would cost more than of the first, the last and the failed.
        int done = Interlocked.Increment(ref _doneCount);
        if (done == 1 || done == _futures.Count || future.IsFaulted)
        {
            _loop.Post(_publish);
        }
    }

    private void Publish()
    {
        // The count first: what ended is set before it is counted, so no future is counted whose failure is not seen.
        int doneCount = Volatile.Read(ref _doneCount);
        First = Volatile.Read(ref _first);
        FirstFailed = Volatile.Read(ref _firstFailed);
        DoneCount = doneCount;
    }
}
