namespace AsyncJobs;

/// <content>What puts items by itself, and cannot wait for room.</content>
public sealed partial class AsyncQueue
{
    // Called when the queue closes; under _gate.
    private readonly List<Action> _sources = [];
    private long _droppedCount;

    /// <summary>How many items were dropped because the queue was full and what put them could not wait, as events cannot.</summary>
    public long DroppedCount => Volatile.Read(ref _droppedCount);

    /// <summary>Whether anything puts items by itself.</summary>
    internal bool HasSources => Read(static queue => queue._sources.Count > 0);

    /// <summary>Counts on something that puts items by itself until the queue closes.</summary>
    /// <param name="end">Ends it; called once the queue is closed, on the thread that closes it.</param>
    /// <exception cref="QueueShutDownException">The queue is closed.</exception>
    internal void AddSource(Action end)
    {
        lock (_gate)
        {
            if (_state != State.Open)
            {
                throw QueueShutDownException.ForPut(this);
            }

            _sources.Add(end);
        }
    }

    /// <summary>Counts on it no longer.</summary>
    internal void RemoveSource(Action end)
    {
        lock (_gate)
        {
            _sources.Remove(end);
        }
    }

    /// <summary>Puts an item or, where there is no room, drops and counts it. After the queue's end it is dropped as well.</summary>
    internal void Offer(object? item)
    {
        Getter? getter = null;
        lock (_gate)
        {
            if (_state != State.Open)
            {
                return;
            }

            if (IsFullNeedsLock)
            {
                _droppedCount++;
                return;
            }

            getter = AddNeedsLock(new QueueEntry(item, priority: 0, ++_lastOrder));
        }

        getter?.Resume();
    }

    private Action[] TakeSourcesNeedsLock()
    {
        Action[] sources = [.. _sources];
        _sources.Clear();
        return sources;
    }
}
