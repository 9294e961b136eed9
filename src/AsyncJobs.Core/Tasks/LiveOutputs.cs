namespace AsyncJobs.Core.Tasks;

/// <summary>Who reads a task's output as it is written, and how much of that is no longer its work's. Safe from any thread.</summary>
internal sealed class LiveOutputs
{
    private LiveOutput[] _readers = [];
    private List<object?>? _earlierRuns;

    /// <inheritdoc cref="AsyncTask.WrittenOutput"/>
    public TaskOutput? Written { get; set; }

    /// <inheritdoc cref="AsyncTask.EndedSource"/>
    public IOutputSource? EndedSource { get; set; }

    /// <inheritdoc cref="AsyncTask.DroppedCount"/>
    public int DroppedCount { get; private set; }

    /// <summary>Whether anybody reads.</summary>
    public bool HasReaders => Volatile.Read(ref _readers).Length > 0;

    /// <summary>Has a reader told of what is written, and of what earlier runs have.</summary>
    public void Add(LiveOutput reader)
    {
        Change(readers => [.. readers, reader]);
        if (_earlierRuns is { } earlier)
        {
            PublishRuns(earlier);
        }
    }

    public void Remove(LiveOutput reader) => Change(readers => [.. readers.Where(other => other != reader)]);

    /// <summary>Hands on what the present run has written so far.</summary>
    public void Publish(IReadOnlyList<object?> written) => Publish(written, DroppedCount + (_earlierRuns?.Count ?? 0));

    /// <inheritdoc cref="AsyncTask.EndRun"/>
    public void EndRun(List<object?> runs, IReadOnlyList<object?> written, bool isDropped)
    {
        lock (runs)
        {
            if (isDropped)
            {
                DroppedCount += runs.Count;
                runs.Clear();
            }

            runs.AddRange(written);
            _earlierRuns = runs;
        }

        PublishRuns(runs);
    }

    private void PublishRuns(List<object?> runs)
    {
        lock (runs)
        {
            Publish(runs, DroppedCount);
        }
    }

    private void Publish(IReadOnlyList<object?> written, int place)
    {
        foreach (LiveOutput reader in Volatile.Read(ref _readers))
        {
            reader.Add(written, place);
        }
    }

    private void Change(Func<LiveOutput[], LiveOutput[]> change)
    {
        LiveOutput[] known;
        do
        {
            known = Volatile.Read(ref _readers);
        }
        while (Interlocked.CompareExchange(ref _readers, change(known), known) != known);
    }
}
