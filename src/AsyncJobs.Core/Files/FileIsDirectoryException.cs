namespace AsyncJobs;

/// <summary>A directory stands where a file was to be read or written.</summary>
/// <param name="message">Which path.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class FileIsDirectoryException(string message, Exception? innerException = null)
    : UnauthorizedAccessException(message, innerException), IHasErrorId
{
    private const string DefaultErrorId = "FileIsDirectory";

    /// <inheritdoc/>
    public string ErrorId { get; private init; } = DefaultErrorId;

    /// <param name="path">Which path.</param>
    /// <param name="errorId">The id another cmdlet has for the same mistake.</param>
    internal static FileIsDirectoryException For(string path, string errorId = DefaultErrorId) =>
        new($"'{path}' is a directory; give the path of a file.") { ErrorId = errorId };
}
