namespace AsyncJobs;

/// <summary>A queue was asked for an item at once and has none (asyncio's <c>QueueEmpty</c>).</summary>
public sealed class QueueEmptyException : InvalidOperationException, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public QueueEmptyException()
        : base("The queue is empty.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which queue, and what it was asked for.</param>
    public QueueEmptyException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Which queue, and what it was asked for.</param>
    /// <param name="innerException">The cause.</param>
    public QueueEmptyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "QueueEmpty";

    internal static QueueEmptyException For(AsyncQueue queue) =>
        new($"{queue.MessageName} is empty; wait for an item, or try again later.");
}
