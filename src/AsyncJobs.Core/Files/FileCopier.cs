namespace AsyncJobs.Core.Files;

/// <summary>
/// Copies files as File.Copy does: content, times, mode or attributes. Set-id and sticky bits stay behind, for they go
/// with the source's owner. A copy takes its name when it is whole.
/// </summary>
internal static class FileCopier
{
    /// <summary>Where a copy goes: a destination that is a directory takes the file in under its name.</summary>
    public static string TargetFor(string source, string destination) =>
        Directory.Exists(destination) ? Path.Combine(destination, Path.GetFileName(source)) : destination;

    /// <summary>Copies one file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="destination">The file to make or to replace.</param>
    /// <param name="force">Replaces a read-only file.</param>
    /// <param name="cancellationToken">Ends the work; the destination is left as it was.</param>
    /// <param name="isMove">Whether the copy is to stand for the source, which goes.</param>
    public static void Copy(
        string source, string destination, bool force, CancellationToken cancellationToken, bool isMove = false)
    {
        using FileStream from = FileReader.Open(source);
        if (!(isMove && FileTarget.IsLink(destination)) && IsSame(from, source, destination))
        {
            throw new IOException($"Cannot overwrite the item {source} with itself.");
        }

        using AtomicFile to = AtomicFile.CreateCopy(destination, from, force, isMove);
        try
        {
            foreach (ReadOnlyMemory<byte> chunk in Chunks.ReadToEnd(from, cancellationToken))
            {
                to.Stream.Write(chunk.Span);
            }
        }
        catch (IOException exception)
        {
            throw to.WithTargetName(exception);
        }

        if (!to.IsInPlace)
        {
            CopyAttributes(from, to.Stream);
        }

        to.Commit(cancellationToken);
    }

    /// <summary>Whether the destination is the source, be it by another name.</summary>
    private static bool IsSame(FileStream from, string source, string destination)
    {
        string target = FileTarget.FollowLinks(destination);
        return string.Equals(FileTarget.FollowLinks(source), target, StringComparison.Ordinal)
            || (OperatingSystem.IsLinux() && LinuxFileStatus.Of(from.SafeFileHandle) is { } status
                && LinuxFileStatus.Of(target)?.Identity == status.Identity);
    }

    /// <summary>The times, and Windows' attributes; a mode is given last, by the commit.</summary>
    private static void CopyAttributes(FileStream from, FileStream to)
    {
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(to.SafeFileHandle, File.GetAttributes(from.SafeFileHandle));
        }
        else
        {
            File.SetLastAccessTimeUtc(to.SafeFileHandle, File.GetLastAccessTimeUtc(from.SafeFileHandle));
        }

        File.SetLastWriteTimeUtc(to.SafeFileHandle, File.GetLastWriteTimeUtc(from.SafeFileHandle));
    }
}
