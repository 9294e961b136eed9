namespace AsyncJobs;

/// <summary>A file that was fetched has another hash than it should; it was thrown away.</summary>
public sealed class DownloadHashException : IOException, IHasErrorId
{
    internal DownloadHashException(FileDigest expected, string path)
        : base($"What came for '{path}' does not have the {expected.Algorithm} hash {expected.Hex}; it was thrown away.")
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "DownloadHashMismatch";
}
