using System.Security.Cryptography;

namespace AsyncJobs.Core.Web;

/// <summary>A hash that a file is to have.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Hex">The hash in hexadecimal.</param>
internal sealed record FileDigest(HashAlgorithmName Algorithm, string Hex)
{
    // By the number of digits.
    private static readonly Dictionary<int, HashAlgorithmName> ByLength = new()
    {
        [32] = HashAlgorithmName.MD5,
        [40] = HashAlgorithmName.SHA1,
        [64] = HashAlgorithmName.SHA256,
        [96] = HashAlgorithmName.SHA384,
        [128] = HashAlgorithmName.SHA512,
    };

    /// <summary>Reads a hash, whose length tells its algorithm; null if it is none.</summary>
    public static FileDigest? Parse(string text) =>
        text.All(char.IsAsciiHexDigit) && ByLength.TryGetValue(text.Length, out HashAlgorithmName algorithm) ? new(algorithm, text) : null;

    public async Task<bool> IsThatOfAsync(string path, CancellationToken stop)
    {
        object? hash = await FileOperations.RunAsync(token => FileHasher.Hash(path, Algorithm, token), stop).ConfigureAwait(false);
        return Hex.Equals((string?)hash, StringComparison.OrdinalIgnoreCase);
    }
}
