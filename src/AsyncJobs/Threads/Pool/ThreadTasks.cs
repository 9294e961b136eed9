namespace AsyncJobs.Threads.Pool;

/// <summary>The pool that a session's thread tasks run in: its own, or that which its own thread belongs to.</summary>
internal sealed class ThreadTasks : IDisposable
{
    private readonly bool _isOwner;
    private readonly ForeignCalls? _calls;

    /// <summary>Finds the pool of a session, or makes it.</summary>
    public ThreadTasks(RunspaceLoop session)
    {
        _isOwner = !session.IsWorker;
        Pool = _isOwner ? new ThreadTaskPool(session.Family) : ((ThreadWorker)session.Thread!).Pool;
        if (_isOwner)
        {
            PoolInstruments.Add(Pool);
        }

        _calls = _isOwner ? new ForeignCalls(session.Runspace, session.Loop.Post) : null;
    }

    public ThreadTaskPool Pool { get; }

    /// <summary>Closes the pool with the session that it is of.</summary>
    public void Dispose()
    {
        if (_isOwner)
        {
            _calls!.Dispose();
            Pool.Dispose();
        }
    }
}
