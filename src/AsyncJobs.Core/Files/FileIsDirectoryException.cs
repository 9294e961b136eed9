namespace AsyncJobs;

/// <summary>A directory stands where a file was to be read or written.</summary>
/// <param name="message">Which path.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class FileIsDirectoryException(string message, Exception? innerException = null)
    : UnauthorizedAccessException(message, innerException), IHasErrorId
{
    /// <inheritdoc/>
    public string ErrorId { get; private init; } = "FileIsDirectory";

    internal static FileIsDirectoryException For(string path) =>
        new($"'{path}' is a directory; give the path of a file.");

    /// <summary>The exception with the id of another cmdlet for the same mistake.</summary>
    internal static FileIsDirectoryException For(string path, string errorId) =>
        new($"'{path}' is a directory; give the path of a file.") { ErrorId = errorId };
}
