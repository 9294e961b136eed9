namespace AsyncJobs;

/// <summary>A queue that is closed was to take an item, or has none left to give (asyncio's <c>QueueShutDown</c>).</summary>
public sealed class QueueShutDownException : InvalidOperationException, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public QueueShutDownException()
        : base("The queue is closed.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which queue, and what it was asked for.</param>
    public QueueShutDownException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Which queue, and what it was asked for.</param>
    /// <param name="innerException">The cause.</param>
    public QueueShutDownException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "QueueShutDown";

    internal static QueueShutDownException ForPut(AsyncQueue queue) => new($"{queue.MessageName} is closed: it takes no more items.");

    internal static QueueShutDownException ForGet(AsyncQueue queue) => new($"{queue.MessageName} is closed, and has no more items to give.");
}
