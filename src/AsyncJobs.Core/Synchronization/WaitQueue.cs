using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// The one fair queue that every primitive waits in. A waiter is resumed once or cancelled once: whoever takes it out
/// of the queue, under the owner's lock, is the one that completes it, outside that lock.
/// </summary>
/// <remarks>The owner passes its lock in; methods ending in <c>NeedsLock</c> are called while holding it.</remarks>
internal sealed class WaitQueue(object ownerLock)
{
    private readonly LinkedList<Waiter> _waiters = new();

    public int CountNeedsLock => _waiters.Count;

    /// <summary>Adds a waiter at the end. Call <see cref="Waiter.BindCancellation"/> after leaving the lock.</summary>
    public Waiter EnqueueNeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(ownerLock), "the owner's lock guards the queue");
        var waiter = new Waiter(this);
        _waiters.AddLast(waiter.Node);
        return waiter;
    }

    /// <summary>Takes the longest waiting one out; the caller calls <see cref="Waiter.Resume"/> after leaving the lock.</summary>
    public Waiter? DequeueNeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(ownerLock), "the owner's lock guards the queue");
        Waiter? first = _waiters.First?.Value;
        if (first is not null)
        {
            _waiters.RemoveFirst();
        }

        return first;
    }

    /// <summary>Takes out so many of the longest waiting, in order; the caller resumes each after leaving the lock.</summary>
    public Waiter[] DequeueNeedsLock(int atMost)
    {
        var taken = new Waiter[Math.Min(atMost, _waiters.Count)];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = DequeueNeedsLock()!;
        }

        return taken;
    }

    private bool TryRemove(Waiter waiter)
    {
        lock (ownerLock)
        {
            if (waiter.Node.List is null)
            {
                return false;
            }

            _waiters.Remove(waiter.Node);
            return true;
        }
    }

    /// <summary>One place in the queue.</summary>
    internal sealed class Waiter : TaskCompletionSource
    {
        private readonly WaitQueue _queue;
        private CancellationTokenRegistration _registration;

        public Waiter(WaitQueue queue)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _queue = queue;
            Node = new LinkedListNode<Waiter>(this);
        }

        public LinkedListNode<Waiter> Node { get; }

        /// <summary>What the owner hands over with the resumption, if anything; set before <see cref="Resume"/>.</summary>
        public object? Handed { get; set; }

        /// <summary>Lets the token take the waiter out. Outside the lock: a cancelled token runs the removal at once.</summary>
        public Task BindCancellation(CancellationToken cancellationToken)
        {
            if (cancellationToken.CanBeCanceled)
            {
                _registration = cancellationToken.UnsafeRegister(static (waiter, token) => ((Waiter)waiter!).CancelIfQueued(token), this);
                if (Task.IsCompleted)
                {
                    _registration.Unregister();
                }
            }

            return Task;
        }

        /// <summary>Hands over what was waited for; only by whoever dequeued it.</summary>
        public void Resume()
        {
            Debug.Assert(Node.List is null, "a waiter is dequeued before it is resumed");
            TrySetResult();
            _registration.Unregister();
        }

        private void CancelIfQueued(CancellationToken token)
        {
            // Not queued any more: it was handed its permit first, and the one who waits has it.
            if (_queue.TryRemove(this))
            {
                TrySetCanceled(token);
            }
        }
    }
}
