namespace AsyncJobs;

/// <summary>A queue was to take an item at once and has no room (asyncio's <c>QueueFull</c>).</summary>
/// <param name="message">Which queue, and what it was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class QueueFullException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "QueueFull";

    internal static QueueFullException For(AsyncQueue queue) =>
        new($"{queue.MessageName} is full, with {queue.Capacity} items; wait for room, or try again later.");
}
