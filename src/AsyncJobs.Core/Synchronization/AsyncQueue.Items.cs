using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <content>Putting and getting.</content>
public sealed partial class AsyncQueue
{
    /// <summary>Puts an item, after everybody who waits to put.</summary>
    /// <param name="item">The item; null is one, too.</param>
    /// <param name="priority">Lower is sooner; for a queue of kind <see cref="AsyncQueueKind.Priority"/> alone.</param>
    /// <param name="cancellationToken">
    /// Gives the place among those who wait up. An item taken over before that is in the queue: the task then ends well.
    /// </param>
    /// <exception cref="QueueShutDownException">The queue is closed, or was closed during the wait.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the item is not in the queue.</exception>
    /// <remarks>asyncio: <c>Queue.put()</c>.</remarks>
    public Task PutAsync(object? item, double priority = 0, CancellationToken cancellationToken = default)
    {
        CheckPriority(priority);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        Putter? putter = null;
        Getter? getter = null;
        lock (_gate)
        {
            if (_state != State.Open)
            {
                return Task.FromException(QueueShutDownException.ForPut(this));
            }

            var entry = new QueueEntry(item, priority, ++_lastOrder);
            if (IsFullNeedsLock)
            {
                putter = new Putter(entry);
                _putters.EnqueueNeedsLock(putter);
            }
            else
            {
                NoteInTrace(TraceEventKind.Put);
                getter = AddNeedsLock(entry);
            }
        }

        getter?.Resume();
        return putter?.BindCancellation(cancellationToken) ?? Task.CompletedTask;
    }

    /// <summary>Puts an item if there is room.</summary>
    /// <param name="item">The item; null is one, too.</param>
    /// <param name="priority">Lower is sooner; for a queue of kind <see cref="AsyncQueueKind.Priority"/> alone.</param>
    /// <returns>False if the queue is full.</returns>
    /// <exception cref="QueueShutDownException">The queue is closed.</exception>
    public bool TryPut(object? item, double priority = 0)
    {
        CheckPriority(priority);
        Getter? getter;
        lock (_gate)
        {
            if (_state != State.Open)
            {
                throw QueueShutDownException.ForPut(this);
            }

            if (IsFullNeedsLock)
            {
                return false;
            }

            NoteInTrace(TraceEventKind.Put);
            getter = AddNeedsLock(new QueueEntry(item, priority, ++_lastOrder));
        }

        getter?.Resume();
        return true;
    }

    /// <summary>Puts an item now or not at all.</summary>
    /// <param name="item">The item; null is one, too.</param>
    /// <param name="priority">Lower is sooner; for a queue of kind <see cref="AsyncQueueKind.Priority"/> alone.</param>
    /// <exception cref="QueueFullException">There is no room.</exception>
    /// <exception cref="QueueShutDownException">The queue is closed.</exception>
    /// <remarks>asyncio: <c>Queue.put_nowait()</c>.</remarks>
    public void Put(object? item, double priority = 0)
    {
        if (!TryPut(item, priority))
        {
            throw QueueFullException.For(this);
        }
    }

    /// <summary>Gets the next item, after everybody who waits for one.</summary>
    /// <param name="cancellationToken">
    /// Gives the place among those who wait up. An item handed over before that is kept: the task then ends well.
    /// </param>
    /// <exception cref="QueueShutDownException">The queue is closed and empty, or was closed during the wait.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; no item was taken.</exception>
    /// <remarks>asyncio: <c>Queue.get()</c>.</remarks>
    public async Task<object?> GetAsync(CancellationToken cancellationToken = default) =>
        Open(await TakeAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Gets the next item if there is one.</summary>
    /// <param name="item">The item, which may be null.</param>
    /// <returns>False if the queue is empty.</returns>
    /// <exception cref="QueueShutDownException">The queue is closed and empty.</exception>
    public bool TryGet(out object? item)
    {
        bool isTaken = TryTake(out QueueEntry? entry);
        item = entry is null ? null : Open(entry);
        return isTaken;
    }

    /// <summary>Gets the next item now or not at all.</summary>
    /// <exception cref="QueueEmptyException">There is no item.</exception>
    /// <exception cref="QueueShutDownException">The queue is closed and empty.</exception>
    /// <remarks>asyncio: <c>Queue.get_nowait()</c>.</remarks>
    public object? Get() => TryTake(out QueueEntry? entry) ? Open(entry) : throw QueueEmptyException.For(this);

    /// <summary>As <see cref="GetAsync"/>, but gives the <see cref="QueueEntry"/>, which <see cref="Return"/> takes back.</summary>
    internal Task<QueueEntry> TakeAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<QueueEntry>(cancellationToken);
        }

        return TakeOrEnqueue() switch
        {
            ({ } entry, _) => Task.FromResult(entry),
            (_, { } getter) => EntryOfAsync(getter, cancellationToken),
            _ => Task.FromException<QueueEntry>(QueueShutDownException.ForGet(this)),
        };
    }

    /// <summary>
    /// The item of an entry that was handed over. Until it is asked for, an item that comes before it by the queue's kind
    /// takes its place: who waits gets what is the next when the wait is over, as in asyncio.
    /// </summary>
    internal object? Open(QueueEntry entry)
    {
        lock (_gate)
        {
            _unopened.Remove(entry);
            return entry.Item;
        }
    }

    /// <summary>As <see cref="TryGet"/>, but gives the entry, which <see cref="Return"/> takes back.</summary>
    internal bool TryTake([NotNullWhen(true)] out QueueEntry? entry)
    {
        Putter? putter;
        lock (_gate)
        {
            if (_items.Count == 0)
            {
                entry = null;
                return _state == State.Open ? false : throw QueueShutDownException.ForGet(this);
            }

            entry = TakeNeedsLock(out putter);
        }

        putter?.Resume();
        return true;
    }

    /// <summary>
    /// Takes an entry back that was handed over to somebody who, it turns out, went away: it is the next's, or in its
    /// place in the queue again, which may hold one more than its capacity for that.
    /// </summary>
    internal void Return(QueueEntry entry)
    {
        Getter? getter = null;
        WaitQueue.Waiter[] finished = [];
        lock (_gate)
        {
            _unopened.Remove(entry);
            if (_state == State.ClosedImmediately)
            {
                CountDroppedNeedsLock();
                finished = TakeJoinersIfFinishedNeedsLock();
            }
            else if ((getter = DequeueGetterNeedsLock(entry)) is null)
            {
                _items.Return(entry);
            }
        }

        getter?.Resume();
        Array.ForEach(finished, static joiner => joiner.Resume());
    }

    private static async Task<QueueEntry> EntryOfAsync(Getter getter, CancellationToken cancellationToken)
    {
        await getter.BindCancellation(cancellationToken).ConfigureAwait(false);
        return getter.Entry!;
    }

    private (QueueEntry? Entry, Getter? Getter) TakeOrEnqueue()
    {
        Putter? putter;
        QueueEntry entry;
        lock (_gate)
        {
            if (_items.Count == 0)
            {
                if (_state != State.Open)
                {
                    return default;
                }

                var getter = new Getter();
                _getters.EnqueueNeedsLock(getter);
                return (null, getter);
            }

            entry = TakeNeedsLock(out putter);
        }

        putter?.Resume();
        return (entry, null);
    }

    /// <summary>Stores an entry, or gives the first who waits for one, for the caller to resume outside the lock.</summary>
    private Getter? AddNeedsLock(QueueEntry entry)
    {
        Debug.Assert(_state == State.Open && !IsFullNeedsLock, "a closed or full queue takes no item");
        _unfinishedCount++;
        foreach (QueueEntry unopened in _unopened)
        {
            if (_items.Precedes(entry, unopened))
            {
                entry.Exchange(unopened);
            }
        }

        Getter? getter = DequeueGetterNeedsLock(entry);
        if (getter is null)
        {
            _items.Add(entry);
        }

        return getter;
    }

    private Getter? DequeueGetterNeedsLock(QueueEntry entry)
    {
        var getter = (Getter?)_getters.DequeueNeedsLock();
        if (getter is not null)
        {
            getter.Entry = entry;
            if (Kind != AsyncQueueKind.Fifo)
            {
                _unopened.Add(entry);
            }
        }

        return getter;
    }

    /// <summary>Takes the next entry, and into its room that of the first who waits to put.</summary>
    private QueueEntry TakeNeedsLock(out Putter? putter)
    {
        Debug.Assert(_getters.CountNeedsLock == 0, "an item never lies beside somebody who waits for one");
        NoteInTrace(TraceEventKind.Got);
        QueueEntry entry = _items.Take();

        // Still full where an item had come back.
        putter = IsFullNeedsLock ? null : (Putter?)_putters.DequeueNeedsLock();
        if (putter is not null)
        {
            AddNeedsLock(putter.Entry);
        }

        return entry;
    }

    // Who puts and who gets is, in a trace, what those on the other side wait for.
    private void NoteInTrace(TraceEventKind kind)
    {
        if (TraceRecorder.Current is { } trace)
        {
            trace.Add(kind, task: 0, b: trace.SubjectOf(this, Name));
        }
    }

    private void CheckPriority(double priority)
    {
        if (double.IsNaN(priority))
        {
            throw new ArgumentException("A priority is a number; NaN is not one.", nameof(priority));
        }

        if (priority != 0 && Kind != AsyncQueueKind.Priority)
        {
            throw new ArgumentException(
                $"{MessageName} is of kind {Kind} and knows no priority; make one of kind Priority.", nameof(priority));
        }
    }

    private sealed class Getter : WaitQueue.TaskWaiter
    {
        /// <summary>What the waiter got; set before it is resumed.</summary>
        public QueueEntry? Entry { get; set; }
    }

    /// <summary>A waiter for room for its entry.</summary>
    private sealed class Putter(QueueEntry entry) : WaitQueue.TaskWaiter
    {
        public QueueEntry Entry { get; } = entry;
    }
}
