namespace AsyncJobs.Core.Files;

/// <summary>
/// Writes whole files and appends to them. What is started for one file takes effect in the order in which it was
/// started.
/// </summary>
internal static class FileWriter
{
    /// <summary>Puts a file in the place of the one at the path, in one step.</summary>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="content">What the file will contain.</param>
    /// <param name="force">Replaces the file even if it is read-only.</param>
    /// <param name="newOnly">Fails where the file exists.</param>
    /// <param name="cancellationToken">Ends the work; the file is left as it was.</param>
    public static async Task WriteAsync(string path, FileContent content, bool force, bool newOnly, CancellationToken cancellationToken)
    {
        using IDisposable turn = await FileTurns.EnterAsync(FileTarget.FollowLinks(path), cancellationToken).ConfigureAwait(false);
        await FileOperations.RunAsync(
            stop =>
            {
                Write(path, content, force, newOnly, stop);
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds to the end of a file, or makes the file.</summary>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="content">What is added: all of it or, after a fault, nothing.</param>
    /// <param name="force">Appends even if the file is read-only.</param>
    /// <param name="cancellationToken">Ends the work; the file is left as it was.</param>
    public static async Task AppendAsync(string path, FileContent content, bool force, CancellationToken cancellationToken)
    {
        using IDisposable turn = await FileTurns.EnterAsync(FileTarget.FollowLinks(path), cancellationToken).ConfigureAwait(false);
        await FileOperations.RunAsync(
            stop =>
            {
                FileAppender.Append(path, content, force, stop);
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void Write(string path, FileContent content, bool force, bool newOnly, CancellationToken cancellationToken)
    {
        using AtomicFile file = AtomicFile.Create(path, force, newOnly);
        try
        {
            content.WriteTo(file.Stream, existing: [], cancellationToken);
        }
        catch (IOException exception)
        {
            throw file.WithTargetName(exception);
        }

        file.Commit(cancellationToken);
    }
}
