namespace AsyncJobs;

/// <summary>
/// A file that takes its name only when it is whole: written under a temporary name in the same directory, then moved
/// over the target in one step. Disposed without a commit, it leaves nothing behind.
/// </summary>
internal sealed class AtomicFile : IAsyncDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private bool _isCommitted;

    private AtomicFile(string target, string temporary)
    {
        _target = target;
        _temporary = temporary;
        Stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
    }

    /// <summary>What is written so far.</summary>
    public FileStream Stream { get; }

    /// <summary>Opens the temporary file beside the target.</summary>
    public static AtomicFile Create(string path)
    {
        string target = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(target) ?? throw new IOException($"'{path}' is a directory; give the name of a file.");
        return new AtomicFile(target, Path.Combine(directory, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp"));
    }

    /// <summary>Puts it in the target's place.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        await Stream.DisposeAsync().ConfigureAwait(false);
        File.Move(_temporary, _target, overwrite: true);
        _isCommitted = true;
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync().ConfigureAwait(false);
        if (!_isCommitted)
        {
            File.Delete(_temporary);
        }
    }
}
