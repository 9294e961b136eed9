namespace AsyncJobs.Core.Files;

/// <summary>
/// Gives the writers of one file their turns, first come, first served, so that they take effect in the order in which
/// they were started and never at once. A writer that waits holds no thread.
/// </summary>
internal static class FileTurns
{
    // Names that differ only in case may be one file; taking turns needlessly does no harm.
    private static readonly Dictionary<string, Entry> Entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits for the turn; disposing what it gives ends the turn.</summary>
    public static async ValueTask<IDisposable> EnterAsync(string path, CancellationToken cancellationToken)
    {
        Entry entry = Join(path);
        try
        {
            await entry.Turn.EnterAsync(cancellationToken).ConfigureAwait(false);
            return entry;
        }
        catch
        {
            Leave(entry);
            throw;
        }
    }

    private static Entry Join(string path)
    {
        lock (Entries)
        {
            if (!Entries.TryGetValue(path, out Entry? entry))
            {
                Entries.Add(path, entry = new Entry(path));
            }

            entry.Users++;
            return entry;
        }
    }

    private static void Leave(Entry entry)
    {
        lock (Entries)
        {
            if (--entry.Users == 0)
            {
                Entries.Remove(entry.Path);
            }
        }
    }

    private sealed class Entry(string path) : IDisposable
    {
        public string Path { get; } = path;

        public AsyncSemaphore Turn { get; } = new(1);

        /// <summary>Who has the turn or waits for it; guarded by the table.</summary>
        public int Users { get; set; }

        public void Dispose()
        {
            Turn.Release();
            Leave(this);
        }
    }
}
