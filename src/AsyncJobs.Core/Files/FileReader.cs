using System.Text;

namespace AsyncJobs.Core.Files;

/// <summary>Reads whole files.</summary>
internal static class FileReader
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Reads a file's text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">Used where the file has no byte order mark.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    /// <returns>The string.</returns>
    public static Task<object?> ReadTextAsync(string path, Encoding encoding, CancellationToken cancellationToken) =>
        FileOperations.RunAsync(stop => ByteOrderMark.Decode(ReadBytes(path, stop).Span, encoding), cancellationToken);

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    /// <returns>The byte array.</returns>
    public static Task<object?> ReadBytesAsync(string path, CancellationToken cancellationToken) =>
        FileOperations.RunAsync(stop => ToArray(ReadBytes(path, stop)), cancellationToken);

    /// <summary>Opens a file for reading; whoever writes, replaces or deletes it meanwhile is not kept from it.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw FileIsDirectoryException.For(path);
        }
    }

    private static ReadOnlyMemory<byte> ReadBytes(string path, CancellationToken cancellationToken)
    {
        using FileStream stream = Open(path);
        long length = stream.CanSeek ? stream.Length : 0;
        if (length > Array.MaxLength)
        {
            throw new IOException($"The file '{path}' is too long to be read whole: {length} bytes.");
        }

        // Pipes, and files the system makes up as they are read, do not know their length.
        return length == 0 ? ReadToEnd(stream, cancellationToken) : ReadExactly(stream, (int)length, cancellationToken);
    }

    private static ReadOnlyMemory<byte> ReadExactly(FileStream stream, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        int count = 0;
        while (count < length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = stream.Read(bytes, count, Math.Min(ChunkSize, length - count));
            if (read == 0)
            {
                // Cut short since it was opened.
                break;
            }

            count += read;
        }

        return bytes.AsMemory(0, count);
    }

    private static ReadOnlyMemory<byte> ReadToEnd(FileStream stream, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        byte[] chunk = new byte[4096];
        int read;
        while ((read = stream.Read(chunk, 0, chunk.Length)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes.Write(chunk, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)
            && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
