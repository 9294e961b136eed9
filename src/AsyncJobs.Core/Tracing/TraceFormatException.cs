namespace AsyncJobs;

/// <summary>A trace was to be written to a file whose ending says nothing of how.</summary>
/// <param name="message">Which path.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TraceFormatException(string message, Exception? innerException = null)
    : ArgumentException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "TraceFormatNotSupported";

    internal static TraceFormatException For(string path) =>
        new($"'{path}' says not how the trace is to be written: give a path that ends in .json, for trace viewers, or in .html, for a page.");
}
