namespace AsyncJobs.Core.Files;

/// <summary>Copies directories, file by file; one that cannot be copied does not keep the others from it.</summary>
internal sealed class TreeCopier
{
    private readonly bool _force;
    private readonly Func<FileSystemInfo, bool> _takes;

    // Where all files go that are in directories; null to keep these.
    private readonly string? _folder;
    private readonly List<FileSystemInfo> _copies = [];
    private readonly List<Exception> _failures = [];

    private TreeCopier(bool force, Func<FileSystemInfo, bool> takes, string? folder)
    {
        _force = force;
        _takes = takes;
        _folder = folder;
    }

    /// <summary>Whether a path is a directory or below it.</summary>
    internal static bool IsWithin(string path, string directory) =>
        Path.TrimEndingDirectorySeparator(path).Equals(Path.TrimEndingDirectorySeparator(directory), StringComparison.Ordinal)
        || path.StartsWith(Path.TrimEndingDirectorySeparator(directory) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Copies a directory.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="destination">What the copy will be called; merged into one that exists.</param>
    /// <param name="recurse">Whether what is in a directory comes along.</param>
    /// <param name="force">Replaces read-only files.</param>
    /// <param name="takes">Whether a file or directory comes along.</param>
    /// <param name="flattens">Whether the files of all directories go into the one that the copy is.</param>
    /// <param name="cancellationToken">Looked at between files and inside large ones.</param>
    /// <returns>What was made, parents first.</returns>
    /// <exception cref="IOException">Some could not be copied; the inner exception tells of each.</exception>
    public static IReadOnlyList<FileSystemInfo> Copy(
        string source,
        string destination,
        bool recurse,
        bool force,
        Func<FileSystemInfo, bool> takes,
        bool flattens,
        CancellationToken cancellationToken)
    {
        if (recurse && IsWithin(destination, source))
        {
            throw new IOException($"The directory '{source}' cannot be copied into itself ('{destination}').");
        }

        var copier = new TreeCopier(force, takes, flattens ? destination : null);
        copier.CopyDirectory(new DirectoryInfo(source), destination, recurse, cancellationToken);
        Failures.Throw(copier._failures, source, "copied");
        return copier._copies;
    }

    /// <summary>Makes the directory that a copy goes into; one that exists stays as it is.</summary>
    /// <param name="source">The directory that is copied. On Unix, nobody else may do in the copy what he may not do here.</param>
    /// <param name="destination">The directory to make.</param>
    public static DirectoryInfo MakeDirectory(string source, string destination) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(destination)
        : Directory.CreateDirectory(destination, UnixRights.OfDirectoryCopy(source));

    private void CopyDirectory(DirectoryInfo source, string destination, bool recurse, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (File.Exists(destination))
        {
            throw new IOException($"The directory '{source.FullName}' cannot take the place of the file '{destination}'.");
        }

        if (destination != _folder)
        {
            _copies.Add(MakeDirectory(source.FullName, destination));
        }

        if (!recurse)
        {
            return;
        }

        foreach (FileSystemInfo item in source.EnumerateFileSystemInfos().Where(_takes))
        {
            try
            {
                CopyItem(item, Path.Combine(_folder ?? destination, item.Name), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _failures.Add(exception);
            }
        }
    }

    private void CopyItem(FileSystemInfo item, string destination, CancellationToken cancellationToken)
    {
        if (item is not DirectoryInfo directory)
        {
            FileCopier.Copy(item.FullName, destination, _force, cancellationToken);
            _copies.Add(new FileInfo(destination));
        }
        else if (directory.LinkTarget is not null
            && IsWithin(directory.FullName, directory.ResolveLinkTarget(returnFinalTarget: true)!.FullName))
        {
            throw new IOException($"The link '{directory.FullName}' leads back to a directory above it.");
        }
        else
        {
            CopyDirectory(directory, destination, recurse: true, cancellationToken);
        }
    }
}
