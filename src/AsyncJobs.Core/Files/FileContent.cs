using System.Text;

namespace AsyncJobs.Core.Files;

/// <summary>What is to be written to a file, not yet in the file's encoding.</summary>
internal abstract class FileContent
{
    /// <summary>Text.</summary>
    /// <param name="parts">Written one after the other.</param>
    /// <param name="endsLines">Whether a line end follows each part.</param>
    /// <param name="encoding">Null for UTF-8 without mark or, when appending, what the file has.</param>
    public static FileContent OfText(IReadOnlyList<string> parts, bool endsLines, Encoding? encoding) =>
        new Text(parts, endsLines, encoding);

    /// <summary>Bytes.</summary>
    /// <param name="parts">Written one after the other.</param>
    public static FileContent OfBytes(IReadOnlyList<byte[]> parts) => new Bytes(parts);

    /// <summary>Writes all of the content, in pieces that suit a stream without buffer; a short content is one piece.</summary>
    /// <param name="stream">The stream, at whose start a text begins with the encoding's mark.</param>
    /// <param name="existing">The first bytes of the file as it is; none for a new one.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    public abstract void WriteTo(Stream stream, ReadOnlySpan<byte> existing, CancellationToken cancellationToken);

    private sealed class Text(IReadOnlyList<string> parts, bool endsLines, Encoding? encoding) : FileContent
    {
        private const int ChunkLength = 1 << 16;

        private static readonly Encoding Default = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

        public override void WriteTo(Stream stream, ReadOnlySpan<byte> existing, CancellationToken cancellationToken)
        {
            Encoding actual = encoding ?? ByteOrderMark.Detect(existing) ?? Default;
            using var writer = new StreamWriter(stream, actual, BufferLength(), leaveOpen: true);
            foreach (string part in parts)
            {
                for (int start = 0; start < part.Length; start += ChunkLength)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    writer.Write(part.AsSpan(start, Math.Min(ChunkLength, part.Length - start)));
                }

                if (endsLines)
                {
                    writer.Write(Environment.NewLine);
                }
            }
        }

        // Thousands of small files should not cost thousands of large buffers.
        private int BufferLength()
        {
            long length = 1;
            foreach (string part in parts)
            {
                length += part.Length + Environment.NewLine.Length;
            }

            return (int)Math.Min(length, ChunkLength);
        }
    }

    private sealed class Bytes(IReadOnlyList<byte[]> parts) : FileContent
    {
        private const int ChunkLength = 1 << 20;

        public override void WriteTo(Stream stream, ReadOnlySpan<byte> existing, CancellationToken cancellationToken)
        {
            foreach (byte[] part in parts)
            {
                for (int start = 0; start < part.Length; start += ChunkLength)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    stream.Write(part, start, Math.Min(ChunkLength, part.Length - start));
                }
            }
        }
    }
}
