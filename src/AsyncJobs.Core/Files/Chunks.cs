using System.Buffers;

namespace AsyncJobs.Core.Files;

/// <summary>The rest of a stream, chunk by chunk.</summary>
internal static class Chunks
{
    private const int Size = 1 << 20;

    // Files the system makes up as they are read do not know their length.
    private const int SmallestSize = 1 << 12;

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Looked at after each read.</param>
    /// <returns>The chunks; each is overwritten when the next is asked for.</returns>
    public static IEnumerable<ReadOnlyMemory<byte>> ReadToEnd(Stream stream, CancellationToken cancellationToken)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(stream.CanSeek ? (int)Math.Clamp(stream.Length, SmallestSize, Size) : Size);
        try
        {
            int count;
            while ((count = stream.Read(chunk, 0, chunk.Length)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return chunk.AsMemory(0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
