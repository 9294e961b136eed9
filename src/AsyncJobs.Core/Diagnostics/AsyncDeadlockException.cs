namespace AsyncJobs;

/// <summary>Nothing is left that could end a wait: all who could wait themselves, or stand beneath it on the stack.</summary>
/// <param name="message">Who waits for whom.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class AsyncDeadlockException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "AsyncDeadlock";
}
