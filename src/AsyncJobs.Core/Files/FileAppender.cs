using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// Adds to the end of a file in one piece, wherever the end is at that moment: what other processes add at the same time
/// stands before or after it. Linux sees to that by itself; elsewhere one has the file alone meanwhile.
/// </summary>
internal static class FileAppender
{
    private const int SetStatusFlags = 4;
    private const nint AtTheEnd = 0x400;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(5);

    /// <summary>Adds to a file, or makes it.</summary>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="content">What is added: all of it or, after a fault, nothing.</param>
    /// <param name="force">Appends even if the file is read-only.</param>
    /// <param name="cancellationToken">Looked at until the piece is ready; then it is written.</param>
    public static void Append(string path, FileContent content, bool force, CancellationToken cancellationToken)
    {
        using ReadOnlyLift? lift = force ? ReadOnlyLift.Of(path) : null;
        bool isNew = !File.Exists(path);
        using FileStream stream = Open(path, cancellationToken);
        if (!stream.CanSeek)
        {
            content.WriteTo(stream, existing: [], cancellationToken);
            return;
        }

        long end = stream.Length;
        try
        {
            using MemoryStream piece = Encode(content, stream, end, cancellationToken);
            WriteAtOnce(stream, piece.GetBuffer().AsSpan((int)Math.Min(end, 1)..(int)piece.Length));
        }
        catch when (isNew && stream.Length == 0)
        {
            File.Delete(FileTarget.FollowLinks(path));
            throw;
        }
    }

    /// <summary>Makes one piece of the content. In a file that has an end, it begins at position 1: only at 0 a text has a mark.</summary>
    private static MemoryStream Encode(FileContent content, FileStream stream, long end, CancellationToken cancellationToken)
    {
        Span<byte> start = stackalloc byte[ByteOrderMark.MaximumLength];
        int known = end > 0 && stream.CanRead ? stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) : 0;
        var piece = new MemoryStream();
        piece.SetLength(Math.Min(end, 1));
        piece.Position = piece.Length;
        content.WriteTo(piece, start[..known], cancellationToken);
        return piece;
    }

    private static void WriteAtOnce(FileStream stream, ReadOnlySpan<byte> piece)
    {
        stream.Position = stream.Length;
        if (OperatingSystem.IsLinux())
        {
            _ = SetFlags(stream.SafeFileHandle, SetStatusFlags, AtTheEnd);
        }

        long end = stream.Position;
        try
        {
            stream.Write(piece);
        }
        catch (IOException)
        {
            TakeBack(stream, end, piece);
            throw;
        }
    }

    /// <summary>Takes away the part that a full disk has taken, unless others have added to the file meanwhile.</summary>
    private static void TakeBack(FileStream stream, long end, ReadOnlySpan<byte> piece)
    {
        try
        {
            int added = (int)Math.Clamp(stream.Length - end, 0, piece.Length);
            byte[] found = piece[..added].ToArray();
            stream.Position = end;
            if (stream.CanRead)
            {
                stream.ReadExactly(found);
            }

            if (end + added == stream.Length && piece.StartsWith(found))
            {
                stream.SetLength(end);
            }
        }
        catch (IOException)
        {
            // A device keeps what it got. The fault that led here is the one to tell of.
        }
    }

    private static FileStream Open(string path, CancellationToken cancellationToken)
    {
        try
        {
            return OpenFor(path, FileAccess.ReadWrite, cancellationToken);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw FileIsDirectoryException.For(path);
        }
        catch (UnauthorizedAccessException) when (File.Exists(path))
        {
            // It may be one that can be written but not read; then its mark stays unknown.
            return OpenFor(path, FileAccess.Write, cancellationToken);
        }
    }

    private static FileStream OpenFor(string path, FileAccess access, CancellationToken cancellationToken)
    {
        FileShare share = OperatingSystem.IsLinux() ? FileShare.ReadWrite | FileShare.Delete
            : OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete
            : FileShare.None;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, access, share, bufferSize: 0);
            }
            catch (IOException exception) when (!OperatingSystem.IsLinux() && IsTaken(exception))
            {
                cancellationToken.WaitHandle.WaitOne(Retry);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    // ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK of macOS.
    private static bool IsTaken(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 35;

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is nothing to marshal here.
    [SupportedOSPlatform("linux")]
    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFlags(SafeFileHandle file, int command, nint flags);
#pragma warning restore SYSLIB1054
}
