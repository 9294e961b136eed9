namespace AsyncJobs;

/// <summary>
/// A future was asked for something its state does not allow: a result before it is done, or to be completed twice
/// (asyncio's <c>InvalidStateError</c>).
/// </summary>
public sealed class InvalidStateException : InvalidOperationException
{
    /// <summary>Creates the exception with a general message.</summary>
    public InvalidStateException()
        : base("The future's state does not allow this.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was asked, and which state forbids it.</param>
    public InvalidStateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">What was asked, and which state forbids it.</param>
    /// <param name="innerException">The cause.</param>
    public InvalidStateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
