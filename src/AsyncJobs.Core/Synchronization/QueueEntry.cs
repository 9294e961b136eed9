namespace AsyncJobs.Core.Synchronization;

/// <summary>An item on its way through a queue, with what decides its place there. The queue's lock guards it.</summary>
/// <param name="item">The item itself.</param>
/// <param name="priority">The item's priority: lower is sooner; 0 where the queue does not go by priority.</param>
/// <param name="order">The entry's number in the order of being put.</param>
internal sealed class QueueEntry(object? item, double priority, long order)
{
    /// <summary>The item; <see cref="AsyncQueue.Open"/> gives it to whoever has got the entry.</summary>
    public object? Item { get; private set; } = item;

    /// <summary>The item's priority.</summary>
    public double Priority { get; private set; } = priority;

    /// <summary>The item's number in the order of being put.</summary>
    public long Order { get; private set; } = order;

    /// <summary>Exchanges the items of two entries, with what belongs to them.</summary>
    public void Exchange(QueueEntry other)
    {
        (Item, other.Item) = (other.Item, Item);
        (Priority, other.Priority) = (other.Priority, Priority);
        (Order, other.Order) = (other.Order, Order);
    }
}
