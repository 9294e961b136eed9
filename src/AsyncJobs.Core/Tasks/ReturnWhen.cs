namespace AsyncJobs.Core.Tasks;

/// <summary>When a wait for several futures is over (asyncio's <c>return_when</c>).</summary>
internal enum ReturnWhen
{
    /// <summary>When all are done.</summary>
    AllCompleted,

    /// <summary>When one is done.</summary>
    FirstCompleted,

    /// <summary>When one has failed, or all are done. One that was cancelled has not failed.</summary>
    FirstException,
}
