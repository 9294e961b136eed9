namespace AsyncJobs;

/// <summary>Nothing is left that could end a wait: all who could wait themselves, or stand beneath it on the stack.</summary>
public sealed class AsyncDeadlockException : InvalidOperationException, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public AsyncDeadlockException()
        : base("Nothing is left that could end this wait.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Who waits for whom.</param>
    public AsyncDeadlockException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Who waits for whom.</param>
    /// <param name="innerException">The cause.</param>
    public AsyncDeadlockException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "AsyncDeadlock";
}
