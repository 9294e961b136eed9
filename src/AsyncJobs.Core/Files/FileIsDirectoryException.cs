namespace AsyncJobs;

/// <summary>A directory stands where a file was to be read or written.</summary>
public sealed class FileIsDirectoryException : UnauthorizedAccessException, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public FileIsDirectoryException()
        : base("The path is a directory; give the path of a file.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which path.</param>
    public FileIsDirectoryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Which path.</param>
    /// <param name="innerException">The cause.</param>
    public FileIsDirectoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "FileIsDirectory";

    internal static FileIsDirectoryException For(string path) =>
        new($"'{path}' is a directory; give the path of a file.");
}
