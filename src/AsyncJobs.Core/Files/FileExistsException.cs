namespace AsyncJobs;

/// <summary>A file is there already and was not to be replaced.</summary>
public sealed class FileExistsException : IOException, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public FileExistsException()
        : base("The file exists already.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which path.</param>
    public FileExistsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Which path.</param>
    /// <param name="innerException">The cause.</param>
    public FileExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "FileExists";

    internal static FileExistsException For(string path) =>
        new($"The file '{path}' exists already, and it was not to be replaced.");
}
