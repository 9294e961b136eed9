namespace AsyncJobs.Core.Diagnostics;

/// <summary>A primitive that knows how many wait in its queues; a waiter that was handed what it waited for counts no more.</summary>
internal interface IHasWaiters
{
    /// <summary>The number of waiters, whatever they wait for.</summary>
    int WaiterCount { get; }
}
