namespace AsyncJobs;

/// <summary>A barrier was reset while this party waited, or is broken (asyncio's <c>BrokenBarrierError</c>).</summary>
public sealed class BrokenBarrierException : Exception, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public BrokenBarrierException()
        : base("The barrier was reset or is broken.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which barrier, and what to do.</param>
    public BrokenBarrierException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Which barrier, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public BrokenBarrierException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "BrokenBarrier";
}
