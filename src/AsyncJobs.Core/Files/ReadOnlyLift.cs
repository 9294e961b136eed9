namespace AsyncJobs.Core.Files;

/// <summary>Makes a read-only file writable, and read-only again when disposed.</summary>
internal sealed class ReadOnlyLift : IDisposable
{
    private readonly FileInfo _file;

    private ReadOnlyLift(FileInfo file)
    {
        _file = file;
        _file.IsReadOnly = false;
    }

    /// <summary>Null where there is nothing to lift.</summary>
    public static ReadOnlyLift? Of(string path)
    {
        var file = new FileInfo(FileTarget.FollowLinks(path));
        return file.Exists && file.IsReadOnly ? new ReadOnlyLift(file) : null;
    }

    public void Dispose() => _file.IsReadOnly = true;
}
