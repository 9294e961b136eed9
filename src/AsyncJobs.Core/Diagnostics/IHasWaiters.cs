namespace AsyncJobs;

/// <summary>A primitive that knows how many stand in its queues; whoever was handed what it waited for does so no more.</summary>
internal interface IHasWaiters
{
    /// <summary>How many there are, whatever they wait for.</summary>
    int WaiterCount { get; }
}
