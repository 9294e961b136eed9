using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// Lets whoever holds a lock wait for a change of what the lock protects; waiters hold no thread, and are woken and
/// get the lock back first come, first served (asyncio's <c>Condition</c>). Safe from any thread and any runspace.
/// </summary>
[DebuggerDisplay("AsyncCondition {Name} held: {Lock.IsHeld}, {WaitingCount} waiting")]
public sealed class AsyncCondition : IHasWaiters
{
    // Taken before the lock's own gate wherever both are.
    private readonly object _gate = new();
    private readonly WaitQueue _waiters;

    /// <summary>Creates a condition.</summary>
    /// <param name="lock">The condition's lock, which other conditions may share; null for one of its own.</param>
    /// <param name="name">A name for people, or null.</param>
    public AsyncCondition(AsyncLock? @lock = null, string? name = null)
    {
        _waiters = new WaitQueue(_gate);
        Lock = @lock ?? new AsyncLock(name);
        Name = name;
    }

    /// <summary>The lock to hold for waiting and notifying.</summary>
    public AsyncLock Lock { get; }

    /// <summary>The condition's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>How many wait to be notified; those that were and wait for the lock are not counted.</summary>
    public int WaitingCount => _waiters.Count;

    /// <summary>Gives the lock up, waits to be notified, and takes the lock again.</summary>
    /// <param name="cancellationToken">
    /// Ends the wait, also between the notification and having the lock; the task ends once the lock is held again, in
    /// any case. A notification that came first is passed on to the next waiter.
    /// </param>
    /// <exception cref="SynchronizationLockException">The lock is not held.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the lock is held all the same.</exception>
    /// <remarks>asyncio: <c>Condition.wait()</c>. Look again at what was waited for: another may have been faster.</remarks>
    public async Task WaitAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Sleeper();
        WaitQueue.Waiter? nextHolder;
        lock (_gate)
        {
            // One step for all who notify: whoever holds the lock next finds this waiter.
            nextHolder = Lock.GiveUp();
            _waiters.EnqueueNeedsLock(waiter);
        }

        nextHolder?.Resume();
        await waiter.BindCancellation(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Not cancellable: the caller is going to leave the lock, so it must hold it.
        await (waiter.Reentering ?? Lock.EnterAsync(CancellationToken.None)).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            if (waiter.Reentering is not null)
            {
                Wake(1);
            }

            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Wakes so many waiters, the longest waiting first. Each goes on once it gets the lock.</summary>
    /// <param name="count">How many at most; not negative.</param>
    /// <exception cref="SynchronizationLockException">The lock is not held.</exception>
    /// <remarks>asyncio: <c>Condition.notify()</c>.</remarks>
    public void Notify(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!Lock.IsHeld)
        {
            throw new SynchronizationLockException(
                $"{Label.Of("The lock of the condition", Name)} is not held; enter it before waiting or notifying.");
        }

        Wake(count);
    }

    /// <summary>Wakes all waiters. They go on one after the other, as each gets the lock.</summary>
    /// <exception cref="SynchronizationLockException">The lock is not held.</exception>
    /// <remarks>asyncio: <c>Condition.notify_all()</c>.</remarks>
    public void NotifyAll() => Notify(int.MaxValue);

    int IHasWaiters.WaiterCount => WaitingCount;

    /// <summary>The condition's name and state.</summary>
    public override string ToString() => $"{Label.Of("AsyncCondition", Name)} ({(Lock.IsHeld ? "held" : "free")}, {WaitingCount} waiting)";

    private void Wake(int count)
    {
        Sleeper[] waiters;
        lock (_gate)
        {
            // They queue for the lock here and not when each is resumed: resuming keeps no order.
            waiters = _waiters.DequeueNeedsLock<Sleeper>(count);
            Array.ForEach(waiters, waiter => waiter.Reentering = Lock.EnterAsync(CancellationToken.None));
        }

        Array.ForEach(waiters, waiter => waiter.Resume());
    }

    private sealed class Sleeper : WaitQueue.TaskWaiter
    {
        /// <summary>The waiter's place in the queue for the lock, once it was notified.</summary>
        public Task? Reentering { get; set; }
    }
}
