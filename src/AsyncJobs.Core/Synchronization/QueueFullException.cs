namespace AsyncJobs;

/// <summary>A queue was to take an item at once and has no room (asyncio's <c>QueueFull</c>).</summary>
public sealed class QueueFullException : InvalidOperationException, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public QueueFullException()
        : base("The queue is full.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which queue, and what it was asked for.</param>
    public QueueFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Which queue, and what it was asked for.</param>
    /// <param name="innerException">The cause.</param>
    public QueueFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "QueueFull";

    internal static QueueFullException For(AsyncQueue queue) =>
        new($"{queue.MessageName} is full, with {queue.Capacity} items; wait for room, or try again later.");
}
