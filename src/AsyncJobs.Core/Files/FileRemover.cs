using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// Removes files and directories; a link is removed itself, and what it leads to stays. What cannot be removed does not keep
/// the others from it.
/// </summary>
/// <param name="force">Removes what is hidden or read-only, too.</param>
/// <param name="isIncluded">Whether a name is meant, and with it all that is below; null for all.</param>
/// <param name="isExcluded">Whether a name is to stay.</param>
/// <param name="cancellationToken">Looked at between files.</param>
internal sealed class FileRemover(
    bool force, Func<string, bool>? isIncluded, Func<string, bool> isExcluded, CancellationToken cancellationToken)
{
    private readonly List<Exception> _failures = [];

    /// <summary>Removes what stands at a path.</summary>
    /// <param name="path">The path; at its end, a link is not followed.</param>
    /// <param name="recurse">Whether a directory goes with what is in it.</param>
    public void Remove(string path, bool recurse)
    {
        FileSystemInfo item = Find(path);
        if (!recurse && IsDirectory(item) && ((DirectoryInfo)item).EnumerateFileSystemInfos().Any())
        {
            throw DirectoryNotEmptyException.For(path);
        }

        // Of a directory that was named itself, what is in it is compared.
        TryRemove(item, item.FullName, isIncluded is null || (!IsDirectory(item) && isIncluded(item.Name)));
        Failures.Throw(_failures, path, "removed");
    }

    /// <summary>What stands at a path, be it a link.</summary>
    internal static FileSystemInfo Find(string path)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        FileSystemInfo item = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return item.Exists || item.LinkTarget is not null ? item : throw new FileNotFoundException($"Could not find '{path}'.", path);
    }

    /// <summary>Whether a directory, and no link to one.</summary>
    internal static bool IsDirectory(FileSystemInfo item) =>
        item is DirectoryInfo && !item.Attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <returns>Whether it is gone.</returns>
    private bool TryRemove(FileSystemInfo item, string shown, bool isMeant)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (isExcluded(item.Name))
        {
            return false;
        }

        try
        {
            bool isEmpty = !IsDirectory(item) || TryEmpty(item.FullName, shown, isMeant);
            if (isMeant && isEmpty)
            {
                Delete(item, shown);
            }

            return isMeant && isEmpty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string message = exception.Message.Replace(item.FullName, shown, StringComparison.Ordinal);
            _failures.Add(exception is IOException
                ? new IOException(message, exception.HResult)
                : new UnauthorizedAccessException(message));
            return false;
        }
    }

    private bool TryEmpty(string path, string shown, bool isMeant)
    {
        // Through the open directory: put in its place meanwhile, a link would lead elsewhere.
        using SafeFileHandle? directory = OperatingSystem.IsLinux() ? LinuxDirectory.Open(path) : null;
        string inside = OperatingSystem.IsLinux() ? LinuxDirectory.PathOf(directory!) : path;
        bool isEmpty = true;
        foreach (FileSystemInfo item in new DirectoryInfo(inside + Path.DirectorySeparatorChar).EnumerateFileSystemInfos())
        {
            isEmpty &= TryRemove(item, Path.Join(shown, item.Name), isMeant || isIncluded!(item.Name));
        }

        return isEmpty;
    }

    private void Delete(FileSystemInfo item, string shown)
    {
        bool isLink = item.LinkTarget is not null;
        if (!force && !isLink && (item.Attributes & (FileAttributes.Hidden | FileAttributes.ReadOnly | FileAttributes.System)) != 0)
        {
            throw new UnauthorizedAccessException($"'{shown}' is hidden or read-only; -Force removes it all the same.");
        }

        if (OperatingSystem.IsWindows() && !isLink && item.Attributes.HasFlag(FileAttributes.ReadOnly))
        {
            item.Attributes &= ~FileAttributes.ReadOnly;
        }

        item.Delete();
    }
}
