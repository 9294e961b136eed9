namespace AsyncJobs;

/// <summary>Which item of a queue is the next to be got.</summary>
public enum AsyncQueueKind
{
    /// <summary>The one put first (asyncio's <c>Queue</c>).</summary>
    Fifo,

    /// <summary>The one put last (asyncio's <c>LifoQueue</c>).</summary>
    Lifo,

    /// <summary>The one of the lowest priority number, and among equals the one put first (asyncio's <c>PriorityQueue</c>).</summary>
    Priority,
}
