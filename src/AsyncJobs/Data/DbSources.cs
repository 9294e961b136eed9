namespace AsyncJobs.Data;

/// <summary>The sources that a session has made: they are given back when it ends.</summary>
internal sealed class DbSources : IDisposable
{
    private readonly HashSet<AsyncDbSource> _open = [];

    /// <summary>The sources of a session; for a thread task those of the session that started it, since its own is another task's next.</summary>
    public static DbSources Of(RunspaceLoop session) =>
        (session.Members.FirstOrDefault(static member => !member.IsWorker) ?? session).Part(static _ => new DbSources());

    public void Add(AsyncDbSource source)
    {
        source.Closed = () =>
        {
            lock (_open)
            {
                _open.Remove(source);
            }
        };
        lock (_open)
        {
            _open.Add(source);
        }
    }

    /// <summary>Closes all.</summary>
    public void Dispose()
    {
        AsyncDbSource[] open;
        lock (_open)
        {
            open = [.. _open];
        }

        Array.ForEach(open, static source => source.Dispose());
    }
}
