using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// Moves files, directories and links as they are. To another file system they are copied, with owner, rights and attributes
/// as far as the process may give them, and the source goes when its copy is whole.
/// </summary>
internal static class FileMover
{
    /// <summary>Moves what stands at a path.</summary>
    /// <param name="source">The path; at its end, a link is not followed.</param>
    /// <param name="target">What it will be called.</param>
    /// <param name="force">Replaces a file.</param>
    /// <param name="cancellationToken">Ends a copy; the source is left as it was.</param>
    public static FileSystemInfo Move(string source, string target, bool force, CancellationToken cancellationToken)
    {
        FileSystemInfo item = FileRemover.Find(source);
        target = Path.TrimEndingDirectorySeparator(target);
        bool isDirectory = FileRemover.IsDirectory(item);
        if (item.FullName == target)
        {
            return item;
        }

        if (isDirectory && TreeCopier.IsWithin(target, item.FullName))
        {
            throw new IOException($"The directory '{source}' cannot be moved into itself ('{target}').");
        }

        bool isTaken = Path.Exists(target) || FileTarget.IsLink(target);
        if (isTaken && (!force || isDirectory || Directory.Exists(target)))
        {
            throw FileExistsException.For(target);
        }

        if (!IsOfSameMount(item.FullName, target) || !TryRename(item, target, force, isTaken))
        {
            MoveAcross(item, target, force, isTaken, cancellationToken);
        }

        return item is DirectoryInfo ? new DirectoryInfo(target) : new FileInfo(target);
    }

    /// <summary>Gives what was made for a source, and for its maker alone, the source's owner, attributes and mode.</summary>
    [SupportedOSPlatform("linux")]
    public static void CarryOver(SafeFileHandle source, SafeFileHandle copy)
    {
        if (FileReplacement.CarryOver(source, copy, static mode => mode) is not null)
        {
            new UnixRights(UnixRights.OfCopy(source), LinuxFileStatus.Of(source)?.Owner).ApplyTo(copy);
        }
    }

    private static bool IsOfSameMount(string source, string target) => !OperatingSystem.IsLinux()
        || LinuxFileStatus.Of(source)?.Mount == LinuxFileStatus.Of(Path.GetDirectoryName(target)!)?.Mount;

    /// <returns>False where another way may do.</returns>
    private static bool TryRename(FileSystemInfo item, string target, bool force, bool isTaken)
    {
        try
        {
            if (item is DirectoryInfo)
            {
                Directory.Move(item.FullName, target);
            }
            else
            {
                File.Move(item.FullName, target, force);
            }

            return true;
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException)
            && (isTaken || (item is DirectoryInfo && !OperatingSystem.IsLinux())))
        {
            // A mount point takes no other file; and elsewhere, directories stay in their file system.
            return false;
        }
    }

    private static void MoveAcross(FileSystemInfo item, string target, bool force, bool isTaken, CancellationToken cancellationToken)
    {
        var remover = new FileRemover(force: true, isIncluded: null, static _ => false, CancellationToken.None);
        try
        {
            Copy(item, target, force, cancellationToken);
        }
        catch when (!isTaken && item is DirectoryInfo && Directory.Exists(target))
        {
            remover.Remove(target, recurse: true);
            throw;
        }

        remover.Remove(item.FullName, recurse: true);
    }

    private static void Copy(FileSystemInfo item, string target, bool force, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (item.LinkTarget is { } link)
        {
            MakeLink(item is DirectoryInfo, link, target, force);
        }
        else if (item is DirectoryInfo directory)
        {
            CopyDirectory(directory, target, cancellationToken);
        }
        else if (OperatingSystem.IsLinux() && LinuxFileStatus.Of(item.FullName) is { IsPlainFile: false })
        {
            throw new IOException($"'{item.FullName}' is a device or a pipe, and cannot be moved to another file system.");
        }
        else
        {
            FileCopier.Copy(item.FullName, target, force, cancellationToken, isMove: true);
        }
    }

    /// <summary>Makes a link, which takes the place of a file or link that is there.</summary>
    private static void MakeLink(bool isDirectory, string link, string target, bool force)
    {
        string made = force ? TemporaryFiles.NameBeside(target) : target;
        FileSystemInfo item = isDirectory ? Directory.CreateSymbolicLink(made, link) : File.CreateSymbolicLink(made, link);
        if (made == target)
        {
            return;
        }

        try
        {
            if (isDirectory)
            {
                // .NET renames nothing that leads to a directory over something else.
                File.Delete(target);
                Directory.Move(made, target);
            }
            else
            {
                File.Move(made, target, overwrite: true);
            }
        }
        catch
        {
            item.Delete();
            throw;
        }
    }

    private static void CopyDirectory(DirectoryInfo source, string target, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(target);
        }
        else
        {
            Directory.CreateDirectory(target, UnixRights.WhileFilled);
        }

        foreach (FileSystemInfo item in source.EnumerateFileSystemInfos())
        {
            Copy(item, Path.Combine(target, item.Name), force: false, cancellationToken);
        }

        Directory.SetLastWriteTimeUtc(target, source.LastWriteTimeUtc);
        if (OperatingSystem.IsLinux())
        {
            using SafeFileHandle from = LinuxDirectory.Open(source.FullName);
            using SafeFileHandle to = LinuxDirectory.Open(target);
            CarryOver(from, to);
        }
        else if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(target, UnixRights.OfDirectoryCopy(source.FullName));
        }
    }
}
