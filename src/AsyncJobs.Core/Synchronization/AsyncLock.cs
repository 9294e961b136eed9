using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// A lock whose waiters hold no thread and are served first come, first served (asyncio's <c>Lock</c>). It belongs to
/// no thread and no task: whoever was given it may have another release it. Safe from any thread and any runspace.
/// </summary>
[DebuggerDisplay("AsyncLock {Name} held: {IsHeld}, {WaitingCount} waiting")]
public sealed class AsyncLock : IHasWaiters
{
    private readonly object _gate = new();
    private readonly WaitQueue _waiters;

    // Invariant: while anybody waits it is held, because a released lock goes straight to the first waiter.
    private bool _isHeld;

    // Set by the one who was given it, some time after that.
    private object? _holder;

    /// <summary>Creates a lock that is free.</summary>
    /// <param name="name">A name for people, or null.</param>
    public AsyncLock(string? name = null)
    {
        _waiters = new WaitQueue(_gate);
        Name = name;
    }

    /// <summary>The lock's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>Whether somebody holds the lock.</summary>
    public bool IsHeld => Volatile.Read(ref _isHeld);

    /// <summary>Who holds the lock, where that is known: a task, or the place of a script. For those who look in.</summary>
    internal object? Holder
    {
        get => Volatile.Read(ref _holder);
        set
        {
            lock (_gate)
            {
                _holder = _isHeld ? value : null;
            }
        }
    }

    /// <summary>How many wait for the lock.</summary>
    public int WaitingCount => _waiters.Count;

    /// <summary>Takes the lock if it is free.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            return TryEnterNeedsLock();
        }
    }

    /// <summary>Takes the lock, after everybody who asked before.</summary>
    /// <param name="cancellationToken">
    /// Gives the place in the queue up. A lock handed over before that is kept: the task then ends well.
    /// </param>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the lock was not taken.</exception>
    /// <remarks>asyncio: <c>Lock.acquire()</c>.</remarks>
    public Task EnterAsync(CancellationToken cancellationToken = default) =>
        _waiters.EnterAsync(this, static self => self.TryEnterNeedsLock(), cancellationToken);

    /// <summary>Gives the lock up, to the first waiter if there is one.</summary>
    /// <exception cref="SynchronizationLockException">Nobody holds the lock.</exception>
    /// <remarks>asyncio: <c>Lock.release()</c>.</remarks>
    public void Release() => GiveUp()?.Resume();

    int IHasWaiters.WaiterCount => WaitingCount;

    /// <summary>The lock's name and state.</summary>
    public override string ToString() => $"{Label.Of("AsyncLock", Name)} ({(IsHeld ? "held" : "free")}, {WaitingCount} waiting)";

    /// <summary>Gives the lock up; the caller resumes the one that has it now, outside its own lock.</summary>
    internal WaitQueue.Waiter? GiveUp()
    {
        lock (_gate)
        {
            if (!_isHeld)
            {
                throw new SynchronizationLockException(
                    $"{Label.Of("The lock", Name)} is not held; enter it first, and leave it once for each time.");
            }

            WaitQueue.Waiter? next = _waiters.DequeueNeedsLock();
            _isHeld = next is not null;
            _holder = null;
            return next;
        }
    }

    private bool TryEnterNeedsLock()
    {
        Debug.Assert(_isHeld || _waiters.CountNeedsLock == 0, "a free lock never lies beside a waiter");
        if (_isHeld)
        {
            return false;
        }

        _isHeld = true;
        return true;
    }
}
