using System.Security.Cryptography;

namespace AsyncJobs.Core.Files;

/// <summary>Computes the hash of a file's content.</summary>
internal static class FileHasher
{
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
        foreach (ReadOnlyMemory<byte> chunk in Chunks.ReadToEnd(stream, cancellationToken))
        {
            hash.AppendData(chunk.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
