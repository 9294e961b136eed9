namespace AsyncJobs.Core.Synchronization;

/// <summary>An item on its way through a queue, with what decides its place there.</summary>
/// <param name="Item">The item itself.</param>
/// <param name="Priority">The item's priority: lower is sooner; 0 where the queue does not go by priority.</param>
/// <param name="Order">The entry's number in the order of being put.</param>
internal sealed record QueueEntry(object? Item, double Priority, long Order);
