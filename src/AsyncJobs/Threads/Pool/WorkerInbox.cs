using System.Diagnostics;

namespace AsyncJobs.Threads.Pool;

/// <summary>Where a worker's thread waits for its next run: one at a time, handed over from any thread.</summary>
/// <param name="idleLimit">How long it waits before it asks to leave.</param>
/// <param name="mayLeave">Whether it may; false if it is about to be given a run.</param>
internal sealed class WorkerInbox(TimeSpan idleLimit, Func<bool> mayLeave)
{
    private readonly object _gate = new();

    // All changed under _gate.
    private ThreadRun? _next;
    private bool _isInterrupted;
    private bool _isCalled;
    private bool _isClosed;

    /// <summary>Whether the thread is to stop waiting, though not for good: its pipeline is being stopped.</summary>
    public bool IsInterrupted
    {
        get => Volatile.Read(ref _isInterrupted);
        set
        {
            lock (_gate)
            {
                _isInterrupted = value;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Has the thread look after what other threads ask of its runspace, if it is waiting.</summary>
    public void Call()
    {
        lock (_gate)
        {
            _isCalled = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Gives an idle worker its next run; false if the worker is gone.</summary>
    public bool TryGive(ThreadRun run)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            Debug.Assert(_next is null, "only an idle worker is given a run");
            _next = run;
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for the next run; false if there is none because the wait was interrupted or is over for good.</summary>
    /// <param name="run">The run; null where the thread was called.</param>
    public bool TryTake(out ThreadRun? run)
    {
        // While it waits, nothing is to hold the last run and what that has written.
        run = null;
        lock (_gate)
        {
            while (_next is null && !_isClosed && !_isInterrupted && !_isCalled)
            {
                if (!Monitor.Wait(_gate, idleLimit) && _next is null && mayLeave())
                {
                    _isClosed = true;
                }
            }

            bool isCalled = _isCalled && !_isInterrupted;
            _isCalled = false;
            run = _isInterrupted || isCalled ? null : _next;
            if (run is not null)
            {
                _next = null;
            }

            return run is not null || isCalled;
        }
    }

    /// <summary>Takes no more runs.</summary>
    /// <returns>A run that was given and not taken.</returns>
    public ThreadRun? Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
            return Interlocked.Exchange(ref _next, null);
        }
    }
}
