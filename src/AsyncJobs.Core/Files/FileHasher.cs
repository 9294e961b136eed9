using System.Buffers;
using System.Security.Cryptography;

namespace AsyncJobs.Core.Files;

/// <summary>Computes the hash of a file's content.</summary>
internal static class FileHasher
{
    private const int ChunkSize = 1 << 20;

    /// <summary>The hash of a file in hexadecimal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    public static string Hash(string path, HashAlgorithmName algorithm, CancellationToken cancellationToken)
    {
        using FileStream stream = FileReader.Open(path);
        return Hash(stream, algorithm, cancellationToken);
    }

    /// <summary>The hash of the rest of a stream in hexadecimal.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    public static string Hash(Stream stream, HashAlgorithmName algorithm, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(stream.CanSeek ? (int)Math.Clamp(stream.Length, 1, ChunkSize) : ChunkSize);
        try
        {
            int count;
            while ((count = stream.Read(chunk, 0, chunk.Length)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(chunk, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
