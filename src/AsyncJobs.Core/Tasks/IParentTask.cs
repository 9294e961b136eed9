namespace AsyncJobs.Core.Tasks;

/// <summary>
/// Whoever runs a group's block, as the group sees it: somebody to cancel (in asyncio the parent task, with its
/// <c>cancel</c>, <c>uncancel</c> and <c>cancelling</c>). Safe from any thread.
/// </summary>
internal interface IParentTask
{
    /// <summary>How many cancellations of the block have been asked for and not taken back.</summary>
    int CancellationCount { get; }

    /// <summary>Asks for one more cancellation: where the block waits, or waits next, it is told so once.</summary>
    void Cancel(string? reason);

    /// <summary>Takes one cancellation back; with the last, also what has not been told yet.</summary>
    /// <returns>How many cancellations are left.</returns>
    int Uncancel();
}
