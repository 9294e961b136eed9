namespace AsyncJobs.Core.Synchronization;

/// <summary>The items of a queue in the order of its kind. Not safe from several threads: the queue's lock guards it.</summary>
internal abstract class QueueStore
{
    public abstract int Count { get; }

    public static QueueStore Of(AsyncQueueKind kind) => kind switch
    {
        AsyncQueueKind.Fifo => new Fifo(),
        AsyncQueueKind.Lifo => new Lifo(),
        AsyncQueueKind.Priority => new ByPriority(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A queue is Fifo, Lifo or Priority."),
    };

    public abstract void Add(QueueEntry entry);

    /// <summary>Whether one entry would be taken before another, were both there.</summary>
    public abstract bool Precedes(QueueEntry entry, QueueEntry other);

    /// <summary>Takes the next entry out; there must be one.</summary>
    public abstract QueueEntry Take();

    /// <summary>Puts an entry that was taken out back in its place.</summary>
    public abstract void Return(QueueEntry entry);

    private sealed class Fifo : QueueStore
    {
        private Queue<QueueEntry> _entries = new();

        public override int Count => _entries.Count;

        public override void Add(QueueEntry entry) => _entries.Enqueue(entry);

        public override bool Precedes(QueueEntry entry, QueueEntry other) => entry.Order < other.Order;

        public override QueueEntry Take() => _entries.Dequeue();

        // Copies everything, which is fair: it takes a Ctrl+C to come here.
        public override void Return(QueueEntry entry) =>
            _entries = new Queue<QueueEntry>(_entries.Append(entry).OrderBy(each => each.Order));
    }

    private sealed class Lifo : QueueStore
    {
        private readonly Stack<QueueEntry> _entries = new();

        public override int Count => _entries.Count;

        public override void Add(QueueEntry entry) => _entries.Push(entry);

        public override bool Precedes(QueueEntry entry, QueueEntry other) => entry.Order > other.Order;

        public override QueueEntry Take() => _entries.Pop();

        // On top, though others may have been put since: it was the next to go, and is again.
        public override void Return(QueueEntry entry) => _entries.Push(entry);
    }

    private sealed class ByPriority : QueueStore
    {
        // The order makes no two keys equal; the heap by itself does not keep equals in order.
        private readonly PriorityQueue<QueueEntry, (double Priority, long Order)> _entries = new();

        public override int Count => _entries.Count;

        public override void Add(QueueEntry entry) => _entries.Enqueue(entry, (entry.Priority, entry.Order));

        public override bool Precedes(QueueEntry entry, QueueEntry other) =>
            (entry.Priority, entry.Order).CompareTo((other.Priority, other.Order)) < 0;

        public override QueueEntry Take() => _entries.Dequeue();

        public override void Return(QueueEntry entry) => Add(entry);
    }
}
