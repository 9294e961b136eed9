namespace AsyncJobs.Core.Files;

/// <summary>
/// Writes whole files and appends to them. What is started for one file takes effect in the order in which it was
/// started.
/// </summary>
internal static class FileWriter
{
    /// <summary>Puts a file in the place of the one at the path, in one step.</summary>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="content">What the file will contain.</param>
    /// <param name="force">Replaces the file even if it is read-only.</param>
    /// <param name="newOnly">Fails where the file exists.</param>
    /// <param name="cancellationToken">Ends the work; the file is left as it was.</param>
    public static async Task WriteAsync(string path, FileContent content, bool force, bool newOnly, CancellationToken cancellationToken)
    {
        using IDisposable turn = await FileTurns.EnterAsync(FileTarget.FollowLinks(path), cancellationToken).ConfigureAwait(false);
        await FileOperations.RunAsync(
            stop =>
            {
                Write(path, content, force, newOnly, stop);
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds to the end of a file, or makes the file.</summary>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="content">What is added: all of it or, after a fault, nothing.</param>
    /// <param name="force">Appends even if the file is read-only.</param>
    /// <param name="cancellationToken">Ends the work; the file is left as it was.</param>
    public static async Task AppendAsync(string path, FileContent content, bool force, CancellationToken cancellationToken)
    {
        using IDisposable turn = await FileTurns.EnterAsync(FileTarget.FollowLinks(path), cancellationToken).ConfigureAwait(false);
        await FileOperations.RunAsync(
            stop =>
            {
                Append(path, content, force, stop);
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void Write(string path, FileContent content, bool force, bool newOnly, CancellationToken cancellationToken)
    {
        using AtomicFile file = AtomicFile.Create(path, force, newOnly);
        try
        {
            content.WriteTo(file.Stream, existing: [], cancellationToken);
        }
        catch (IOException exception)
        {
            throw file.WithTargetName(exception);
        }

        file.Commit(cancellationToken);
    }

    private static void Append(string path, FileContent content, bool force, CancellationToken cancellationToken)
    {
        using ReadOnlyLift? lift = force ? ReadOnlyLift.Of(path) : null;
        bool isNew = !File.Exists(path);
        using FileStream stream = OpenToAppend(path);
        if (!stream.CanSeek)
        {
            content.WriteTo(stream, existing: [], cancellationToken);
            return;
        }

        long end = stream.Length;
        ReadOnlySpan<byte> start = end == 0 || !stream.CanRead ? [] : ReadStart(stream, stackalloc byte[ByteOrderMark.MaximumLength]);
        stream.Position = end;
        try
        {
            content.WriteTo(stream, start, cancellationToken);
        }
        catch
        {
            TakeBack(stream, end, isNew);
            throw;
        }
    }

    private static void TakeBack(FileStream stream, long end, bool isNew)
    {
        try
        {
            stream.SetLength(end);
            if (isNew)
            {
                File.Delete(FileTarget.FollowLinks(stream.Name));
            }
        }
        catch (IOException)
        {
            // A device keeps what it got. The fault that led here is the one to tell of.
        }
    }

    private static FileStream OpenToAppend(string path)
    {
        try
        {
            return Open(FileAccess.ReadWrite);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw FileIsDirectoryException.For(path);
        }
        catch (UnauthorizedAccessException) when (File.Exists(path))
        {
            // It may be one that can be written but not read; then its mark stays unknown.
            return Open(FileAccess.Write);
        }

        FileStream Open(FileAccess access) =>
            new(path, FileMode.OpenOrCreate, access, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    private static ReadOnlySpan<byte> ReadStart(FileStream stream, Span<byte> buffer) =>
        buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
}
