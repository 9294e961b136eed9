using System.Diagnostics;

namespace AsyncJobs.Core.Synchronization;

/// <summary>
/// The one fair queue that every primitive waits in. A waiter is resumed once or cancelled once: whoever takes it out
/// of the queue, under the owner's lock, is the one that completes it, outside that lock.
/// </summary>
/// <remarks>The owner passes its lock in; methods ending in <c>NeedsLock</c> are called while holding it.</remarks>
internal sealed class WaitQueue(object ownerLock)
{
    // Whether a waiter that is made now resumes on the thread that hands over; see StartInline.
    [ThreadStatic]
    private static bool s_resumesInline;

    // A list through the waiters themselves: twenty thousand that wait are twenty thousand objects, not forty.
    private Waiter? _first;
    private Waiter? _last;

    public int CountNeedsLock { get; private set; }

    /// <summary>How many wait; for those who do not hold the lock.</summary>
    public int Count
    {
        get
        {
            lock (ownerLock)
            {
                return CountNeedsLock;
            }
        }
    }

    /// <summary>
    /// Starts a wait that ends on the thread that hands over, in that very call, so that those who are served together
    /// hear of it in their order. For a continuation that does no more than post to a loop.
    /// </summary>
    public static Task StartInline(Func<CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        s_resumesInline = true;
        try
        {
            return start(cancellationToken);
        }
        finally
        {
            s_resumesInline = false;
        }
    }

    /// <summary>Takes what the owner gives, or waits for it at the end of the queue.</summary>
    /// <typeparam name="TOwner">The owner's type.</typeparam>
    /// <param name="owner">The owner.</param>
    /// <param name="tryTakeNeedsLock">Takes at once what may be had at once; called under the owner's lock.</param>
    /// <param name="cancellationToken">Gives the place in the queue up.</param>
    /// <returns>Done with what was asked for, or cancelled without it.</returns>
    public Task EnterAsync<TOwner>(TOwner owner, Func<TOwner, bool> tryTakeNeedsLock, CancellationToken cancellationToken) =>
        EnterAsync(owner, tryTakeNeedsLock, static _ => new TaskWaiter(), cancellationToken);

    /// <inheritdoc cref="EnterAsync{TOwner}(TOwner, Func{TOwner, bool}, CancellationToken)"/>
    /// <param name="owner">What is passed on.</param>
    /// <param name="tryTakeNeedsLock">Takes at once what may be had at once; called under the owner's lock.</param>
    /// <param name="newWaiter">Makes who waits where it may not; called under the owner's lock.</param>
    /// <param name="cancellationToken">Gives the place in the queue up.</param>
    public Task EnterAsync<TOwner>(
        TOwner owner, Func<TOwner, bool> tryTakeNeedsLock, Func<TOwner, TaskWaiter> newWaiter, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        TaskWaiter waiter;
        lock (ownerLock)
        {
            if (tryTakeNeedsLock(owner))
            {
                return Task.CompletedTask;
            }

            waiter = newWaiter(owner);
            EnqueueNeedsLock(waiter);
        }

        return waiter.BindCancellation(cancellationToken);
    }

    /// <summary>Adds a waiter at the end. For a <see cref="TaskWaiter"/>, bind its cancellation after leaving the lock.</summary>
    public void EnqueueNeedsLock(Waiter waiter)
    {
        Debug.Assert(Monitor.IsEntered(ownerLock), "the owner's lock guards the queue");
        waiter.Enter(this, _last);
        _first ??= waiter;
        _last = waiter;
        CountNeedsLock++;
    }

    /// <summary>Takes the longest waiting waiter out; the caller calls <see cref="Waiter.Resume"/> after leaving the lock.</summary>
    public Waiter? DequeueNeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(ownerLock), "the owner's lock guards the queue");
        Waiter? first = _first;
        if (first is not null)
        {
            RemoveNeedsLock(first);
        }

        return first;
    }

    /// <summary>Takes out so many of the longest waiting waiters, in order; the caller resumes each after leaving the lock.</summary>
    /// <typeparam name="T">What the owner put in.</typeparam>
    public T[] DequeueNeedsLock<T>(int atMost)
        where T : Waiter
    {
        var taken = new T[Math.Min(atMost, CountNeedsLock)];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = (T)DequeueNeedsLock()!;
        }

        return taken;
    }

    private void RemoveNeedsLock(Waiter waiter)
    {
        (Waiter? previous, Waiter? next) = waiter.Leave();
        _first = _first == waiter ? next : _first;
        _last = _last == waiter ? previous : _last;
        CountNeedsLock--;
    }

    private bool TryRemove(Waiter waiter)
    {
        lock (ownerLock)
        {
            if (!waiter.IsQueued)
            {
                return false;
            }

            RemoveNeedsLock(waiter);
            return true;
        }
    }

    internal abstract class Waiter
    {
        private WaitQueue? _queue;
        private Waiter? _previous;
        private Waiter? _next;

        /// <summary>Whether the waiter is in the queue; under the owner's lock.</summary>
        public bool IsQueued => _queue is not null;

        /// <summary>Hands over what was waited for; only by whoever dequeued it.</summary>
        public abstract void Resume();

        /// <summary>Takes the waiter out of the queue.</summary>
        /// <returns>False if the waiter was not in the queue any more: it was handed its permit first, and has it.</returns>
        public bool TryRemove() => _queue?.TryRemove(this) ?? false;

        internal void Enter(WaitQueue queue, Waiter? previous)
        {
            _queue = queue;
            _previous = previous;
            if (previous is not null)
            {
                previous._next = this;
            }
        }

        internal (Waiter? Previous, Waiter? Next) Leave()
        {
            (Waiter? previous, Waiter? next) = (_previous, _next);
            if (previous is not null)
            {
                previous._next = next;
            }

            if (next is not null)
            {
                next._previous = previous;
            }

            (_queue, _previous, _next) = (null, null, null);
            return (previous, next);
        }
    }

    /// <summary>A waiter that is awaited; an owner derives from it where it hands something over.</summary>
    internal class TaskWaiter : Waiter
    {
        private readonly TaskCompletionSource _source =
            new(s_resumesInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationTokenRegistration _registration;

        /// <summary>Lets the token take the waiter out. Outside the lock: a cancelled token runs the removal at once.</summary>
        public Task BindCancellation(CancellationToken cancellationToken)
        {
            if (cancellationToken.CanBeCanceled)
            {
                _registration = cancellationToken.UnsafeRegister(
                    static (waiter, token) => ((TaskWaiter)waiter!).CancelIfQueued(token), this);
                if (_source.Task.IsCompleted)
                {
                    _registration.Unregister();
                }
            }

            return _source.Task;
        }

        public override void Resume()
        {
            Debug.Assert(!IsQueued, "a waiter is dequeued before it is resumed");
            _source.TrySetResult();
            _registration.Unregister();
        }

        /// <summary>Says that what was waited for will not come; only by whoever dequeued it.</summary>
        public void Fail(Exception exception)
        {
            Debug.Assert(!IsQueued, "a waiter is dequeued before it is failed");
            _source.TrySetException(exception);
            _registration.Unregister();
        }

        private void CancelIfQueued(CancellationToken token)
        {
            if (TryRemove())
            {
                _source.TrySetCanceled(token);
            }
        }
    }
}
