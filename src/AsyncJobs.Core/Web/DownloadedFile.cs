namespace AsyncJobs;

/// <summary>A file that was fetched.</summary>
/// <param name="Uri">Where it came from, after redirections.</param>
/// <param name="Path">The file.</param>
/// <param name="Length">Its length.</param>
/// <param name="ReceivedLength">How much of it came with this request.</param>
/// <param name="IsResumed">Whether it went on where an earlier attempt had ended.</param>
/// <param name="IsUnchanged">Whether it was there already, and nothing had to be fetched.</param>
public sealed record DownloadedFile(Uri Uri, string Path, long Length, long ReceivedLength, bool IsResumed, bool IsUnchanged)
{
    /// <summary>The file.</summary>
    public override string ToString() => Path;
}
