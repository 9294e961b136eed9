namespace AsyncJobs;

/// <summary>Lets one reader wait for the next time that something happens, on whichever thread.</summary>
internal sealed class Bell(EventLoop loop)
{
    private Signal? _next;

    /// <summary>Done when something has happened.</summary>
    /// <param name="hasHappened">Whether it has already; asked once more when nobody can ring unheard.</param>
    public Future Next(Func<bool> hasHappened)
    {
        var next = new Signal(loop);
        Volatile.Write(ref _next, next);
        Interlocked.MemoryBarrier();
        if (hasHappened())
        {
            next.Set();
        }

        return next;
    }

    /// <summary>Says that something has happened; after it has.</summary>
    public void Ring()
    {
        Interlocked.Exchange(ref _next, null)?.Set();
        loop.Wake();
    }
}
