namespace AsyncJobs;

/// <summary>A file is there already and was not to be replaced.</summary>
/// <param name="message">Which path.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class FileExistsException(string message, Exception? innerException = null)
    : IOException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId => "FileExists";

    internal static FileExistsException For(string path) =>
        new($"The file '{path}' exists already, and it was not to be replaced.");

    internal static FileExistsException ForTwo(string path) =>
        new($"Two downloads of one command have the same file, '{path}'. Give each a name of its own, as -Destination {{ }}.");
}
