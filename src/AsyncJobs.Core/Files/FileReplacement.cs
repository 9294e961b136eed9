using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// Puts a file that is whole in the place of another, so that nobody gets a right that he did not have: with the other's
/// owner, mode, access control list and attributes. Where it cannot have them all, or the name cannot be given to another
/// file, the content alone is put there.
/// </summary>
/// <param name="whole">What is written: a file that nobody but its maker can open, open to read as well.</param>
/// <param name="target">The file to replace.</param>
/// <param name="copied">What the file is a copy of, whose mode it gets; null if it is none.</param>
/// <param name="force">Writes a read-only file as well.</param>
internal sealed class FileReplacement(FileStream whole, FileTarget target, SafeFileHandle? copied, bool force)
{
    /// <summary>Replaces the target.</summary>
    /// <returns>Whether the file has the target's name now; otherwise the target has got its content.</returns>
    /// <exception cref="IOException">Of a target that is half written now, the message says so.</exception>
    public bool TakePlace()
    {
        // What the disk has of the old content must not be given up for what it does not have yet.
        whole.Flush(flushToDisk: true);
        string? obstacle = target.Kind != FileTargetKind.File ? "it is no plain file"
            : Path.GetDirectoryName(whole.Name) != Path.GetDirectoryName(target.Path) ? "no file can be made in its directory"
            : OperatingSystem.IsWindows() ? null
            : TakeRights();
        obstacle ??= Move();
        if (obstacle is not null)
        {
            WriteInPlace(obstacle);
        }

        whole.Dispose();
        return obstacle is null;
    }

    /// <summary>Opens the file, now that it is whole, to those who at this moment may open what it replaces.</summary>
    /// <returns>Why that is not possible; null if it was done.</returns>
    [UnsupportedOSPlatform("windows")]
    private string? TakeRights()
    {
        SafeFileHandle file = whole.SafeFileHandle;
        using FileStream? replaced = OperatingSystem.IsLinux() ? OpenTarget(FileAccess.Write) ?? OpenTarget(FileAccess.Read) : null;
        if (!OperatingSystem.IsLinux() || replaced is null)
        {
            // Where it is gone meanwhile, it is made again.
            UnixRights rights = UnixRights.Of(target.Path) ?? target.Rights!.Value;
            (rights with { Mode = ModeOver(rights.Mode) }).ApplyTo(file);
            return null;
        }

        return LinuxFileStatus.Of(replaced.SafeFileHandle) is { Names: > 1 }
            ? "it has several names"
            : CarryOver(replaced.SafeFileHandle, file, ModeOver);
    }

    /// <summary>Gives a file the owner, the attributes and the mode of another.</summary>
    /// <param name="from">The other.</param>
    /// <param name="file">The file.</param>
    /// <param name="modeFor">What the file's mode is to be where the other has another one.</param>
    /// <returns>Why that is not possible; null if it was done.</returns>
    [SupportedOSPlatform("linux")]
    internal static string? CarryOver(SafeFileHandle from, SafeFileHandle file, Func<UnixFileMode, UnixFileMode> modeFor)
    {
        if (LinuxFileStatus.Of(from) is not { } status || LinuxFileStatus.Of(file) is not { } own)
        {
            return "the system does not tell whose it is";
        }

        if (status.Owner != own.Owner && status.Owner.ApplyTo(file) != status.Owner)
        {
            return "no other file can be given to its owner";
        }

        if (!ExtendedAttributes.TryCarryOver(from, file))
        {
            return "no other file can have its access control list and attributes";
        }

        try
        {
            new UnixRights(modeFor(status.Mode), status.Owner).ApplyTo(file);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return "no other file can have its mode";
        }
    }

    private UnixFileMode ModeOver(UnixFileMode replaced) =>
        copied is null || OperatingSystem.IsWindows() ? replaced : UnixRights.OfCopyOver(UnixRights.OfCopy(copied), replaced);

    /// <returns>Why the file cannot have the target's name; null if it has it.</returns>
    private string? Move()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                whole.Dispose();
                using ReadOnlyLift? lift = ReadOnlyLift.Of(target.Path);

                // Replace, unlike Move, keeps the access control list, attributes and streams of what is replaced, or fails.
                File.Replace(whole.Name, target.Path, destinationBackupFileName: null, ignoreMetadataErrors: false);
            }
            else
            {
                File.Move(whole.Name, target.Path, overwrite: true);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"no other file can get its name ({exception.Message})";
        }
    }

    private void WriteInPlace(string obstacle)
    {
        using ReadOnlyLift? lift = force ? ReadOnlyLift.Of(target.Path) : null;
        using FileStream to = OpenTarget(FileAccess.Write)
            ?? throw new UnauthorizedAccessException($"Access to the path '{target.Path}' is denied.");
        using FileStream? reopened = whole.CanRead ? null : FileReader.Open(whole.Name);
        FileStream from = reopened ?? whole;
        from.Position = 0;
        long written = 0;
        try
        {
            if (!OperatingSystem.IsWindows() && copied is not null && target.Kind == FileTargetKind.File)
            {
                NarrowInPlace(to.SafeFileHandle);
            }

            foreach (ReadOnlyMemory<byte> chunk in Chunks.ReadToEnd(from, CancellationToken.None))
            {
                to.Write(chunk.Span);
                written += chunk.Length;
            }

            if (target.Kind == FileTargetKind.File)
            {
                to.SetLength(written);
                to.Flush(flushToDisk: true);
                KeepTime(from.SafeFileHandle, to.SafeFileHandle);
            }
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"{exception.Message} '{target.Path}' was written in place, because {obstacle}. It has the first {written} of "
                    + $"{from.Length} bytes of the new content, perhaps some more of them, and after these what it had before.",
                exception.HResult);
        }
    }

    /// <summary>Opens what is written to; null if that is not allowed, or something else stands there meanwhile.</summary>
    private FileStream? OpenTarget(FileAccess access)
    {
        try
        {
            var stream = new FileStream(target.Path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (OperatingSystem.IsLinux() && target.Kind == FileTargetKind.File
                && LinuxFileStatus.Of(target.Path)?.Identity != LinuxFileStatus.Of(stream.SafeFileHandle)?.Identity)
            {
                stream.Dispose();
                return null;
            }

            return stream;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or FileNotFoundException)
        {
            return null;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private void NarrowInPlace(SafeFileHandle file)
    {
        try
        {
            UnixFileMode mode = File.GetUnixFileMode(file);
            File.SetUnixFileMode(file, ModeOver(mode));
        }
        catch (UnauthorizedAccessException)
        {
            // The owner alone may; whose file it is has said who reads what is written to it.
        }
    }

    /// <summary>That of a copy or download is not that of its writing.</summary>
    private static void KeepTime(SafeFileHandle from, SafeFileHandle to)
    {
        try
        {
            File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(from));
        }
        catch (UnauthorizedAccessException)
        {
            // As above.
        }
    }
}
