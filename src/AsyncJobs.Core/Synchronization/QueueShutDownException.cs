namespace AsyncJobs;

/// <summary>A queue that is closed was to take an item, or has none left to give (asyncio's <c>QueueShutDown</c>).</summary>
/// <param name="message">Which queue, and what it was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class QueueShutDownException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "QueueShutDown";

    internal static QueueShutDownException ForPut(AsyncQueue queue) =>
        new($"{queue.MessageName} is closed: it takes no more items.");

    internal static QueueShutDownException ForGet(AsyncQueue queue) =>
        new($"{queue.MessageName} is closed, and has no more items to give.");
}
