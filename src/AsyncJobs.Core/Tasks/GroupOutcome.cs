namespace AsyncJobs.Core.Tasks;

/// <summary>How a group ended; well if there is neither a cancellation nor a failure.</summary>
/// <param name="Cancellation">The cancellation to throw on, where the group was cancelled from outside and nothing failed.</param>
/// <param name="Failed">The tasks that failed, in the order in which they did.</param>
/// <param name="BlockFault">What the block itself failed with.</param>
internal sealed record GroupOutcome(Fault? Cancellation, IReadOnlyList<Future> Failed, Fault? BlockFault)
{
    public bool HasFailed => Failed.Count > 0 || BlockFault is not null;
}
