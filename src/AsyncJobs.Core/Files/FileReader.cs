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

    /// <summary>Reads a part of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">Which part, and as what.</param>
    /// <param name="cancellationToken">Looked at between pieces.</param>
    /// <returns>The lines as output; of bytes, one array.</returns>
    public static Task<object?> ReadPartAsync(string path, FilePart part, CancellationToken cancellationToken) =>
        FileOperations.RunAsync(
            stop => part.Encoding is null ? ReadPartOfBytes(path, part, stop) : new TaskOutput([.. part.Pack(ReadLines(path, part, stop))]),
            cancellationToken);

    /// <summary>Reads the next piece of a file with its last line, though that has no end.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="lines">Gets the lines.</param>
    /// <param name="isFollowed">Whether more may come behind the end.</param>
    /// <returns>False at the end of the file.</returns>
    internal static bool ReadPiece(LineReader reader, ICollection<string> lines, bool isFollowed)
    {
        bool hasMore = reader.Read(lines);
        if (!hasMore)
        {
            reader.TakeRest(lines, isEnd: !isFollowed);
        }

        return hasMore || lines.Count > 0;
    }

    /// <summary>Takes lines over, and gives up all before the last ones.</summary>
    internal static void KeepLast(Queue<string> kept, List<string> lines, long last)
    {
        lines.ForEach(kept.Enqueue);
        lines.Clear();
        while (kept.Count > last)
        {
            kept.Dequeue();
        }
    }

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

    private static IReadOnlyCollection<string> ReadLines(string path, FilePart part, CancellationToken cancellationToken)
    {
        using FileStream stream = Open(path);
        var reader = new LineReader(stream, part.Encoding!, part.Delimiter);
        bool isAtLast = part.Last is not { } last || reader.TrySkipToLast(last);
        var all = new Queue<string>();
        var lines = new List<string>();
        while (all.Count < part.First && ReadPiece(reader, lines, isFollowed: false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            KeepLast(all, lines, isAtLast ? long.MaxValue : part.Last!.Value);
        }

        return all.Count <= part.First ? all : all.Take((int)part.First).ToArray();
    }

    private static byte[] ReadPartOfBytes(string path, FilePart part, CancellationToken cancellationToken)
    {
        using FileStream stream = Open(path);
        long length = stream.CanSeek ? stream.Length : 0;
        if (stream.CanSeek && length > 0)
        {
            stream.Position = part.Last is { } last ? Math.Max(0, length - last) : 0;
            long count = Math.Min(Math.Min(part.First, Array.MaxLength), length - stream.Position);
            return ToArray(ReadExactly(stream, (int)count, cancellationToken));
        }

        ReadOnlyMemory<byte> bytes = ReadToEnd(stream, cancellationToken);
        int start = (int)Math.Max(0, bytes.Length - (part.Last ?? bytes.Length));
        return ToArray(bytes[start..(int)Math.Min(bytes.Length, start + Math.Min(part.First, bytes.Length))]);
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
        foreach (ReadOnlyMemory<byte> chunk in Chunks.ReadToEnd(stream, cancellationToken))
        {
            bytes.Write(chunk.Span);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)
            && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
