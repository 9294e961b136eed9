namespace AsyncJobs;

/// <summary>A queue was asked for an item at once and has none (asyncio's <c>QueueEmpty</c>).</summary>
/// <param name="message">Which queue, and what it was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class QueueEmptyException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "QueueEmpty";

    internal static QueueEmptyException For(AsyncQueue queue) =>
        new($"{queue.MessageName} is empty; wait for an item, or try again later.");
}
