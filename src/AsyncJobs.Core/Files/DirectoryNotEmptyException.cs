namespace AsyncJobs;

/// <summary>A directory was to be removed without what is in it.</summary>
/// <param name="message">Which path.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class DirectoryNotEmptyException(string message, Exception? innerException = null)
    : IOException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "DirectoryNotEmpty";

    internal static DirectoryNotEmptyException For(string path) =>
        new($"The directory '{path}' is not empty; -Recurse removes what is in it, too.");
}
