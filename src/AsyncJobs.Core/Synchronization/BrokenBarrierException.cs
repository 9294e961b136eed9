namespace AsyncJobs;

/// <summary>A barrier was reset while this party waited, or is broken (asyncio's <c>BrokenBarrierError</c>).</summary>
/// <param name="message">Which barrier, and what to do.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class BrokenBarrierException(string message, Exception? innerException = null)
    : Exception(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "BrokenBarrier";
}
