namespace AsyncJobs;

/// <summary>
/// A future was asked for something its state does not allow: a result before it is done, or to be completed twice
/// (asyncio's <c>InvalidStateError</c>).
/// </summary>
/// <param name="message">What was asked, and which state forbids it.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class InvalidStateException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException);
