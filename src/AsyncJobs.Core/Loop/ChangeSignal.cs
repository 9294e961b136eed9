namespace AsyncJobs.Core.Loop;

/// <summary>Lets one reader wait for the next change of something that changes on whichever thread.</summary>
internal sealed class ChangeSignal(EventLoop loop)
{
    private Signal? _next;

    /// <summary>A future that is done at the next change.</summary>
    /// <param name="hasHappened">Whether what the reader waits for is there already; asked once no change can go unheard any more.</param>
    public Future NextChange(Func<bool> hasHappened)
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

    /// <summary>Tells the reader of a change that has taken place.</summary>
    public void Notify()
    {
        Interlocked.Exchange(ref _next, null)?.Set();
        loop.Wake();
    }
}
