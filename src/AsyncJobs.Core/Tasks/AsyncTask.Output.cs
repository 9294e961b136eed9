namespace AsyncJobs;

/// <content>What the task has written so far, for those who read it before its end.</content>
public partial class AsyncTask
{
    private LiveOutput[] _readers = [];
    private List<object?>? _earlierRuns;

    /// <summary>What writes now, if its output can be read as it is written; set by the work.</summary>
    internal IOutputSource? OutputSource { get; set; }

    /// <summary>What the work has written in all, where that is not the task's output, for those who read it as it is written.</summary>
    internal TaskOutput? WrittenOutput { get; set; }

    /// <summary>Whether what is written now is lost if it fails, since the work is tried again then: nobody reads it before that is known.</summary>
    internal bool MayBeRetried { get; set; }

    /// <summary>How many objects earlier runs of a periodic task have written that are no part of its output in the end.</summary>
    internal int DroppedCount { get; private set; }

    /// <summary>Whether anybody reads.</summary>
    internal bool HasReaders => Volatile.Read(ref _readers).Length > 0;

    /// <summary>Has a reader told of what is written, and of what has been.</summary>
    internal void AddReader(LiveOutput reader)
    {
        Change(readers => [.. readers, reader]);
        if (_earlierRuns is { } earlier)
        {
            PublishRuns(earlier);
        }

        OutputSource?.PublishOutput();
    }

    internal void RemoveReader(LiveOutput reader) => Change(readers => [.. readers.Where(other => other != reader)]);

    /// <summary>Hands on what the work has written so far, unless that may be lost yet; under a lock or on a thread that keeps the list still.</summary>
    internal void PublishOutput(IReadOnlyList<object?> written)
    {
        if (!MayBeRetried)
        {
            Publish(written, DroppedCount + (_earlierRuns?.Count ?? 0));
        }
    }

    /// <summary>Notes that a run of a periodic task is over.</summary>
    /// <param name="runs">What earlier runs have written; the task's output in the end, or the beginning of it.</param>
    /// <param name="written">What this one has.</param>
    /// <param name="isDropped">Whether what earlier runs have written is dropped.</param>
    internal void EndRun(List<object?> runs, IReadOnlyList<object?> written, bool isDropped)
    {
        lock (runs)
        {
            if (isDropped)
            {
                DroppedCount += runs.Count;
                runs.Clear();
            }

            runs.AddRange(written);
            (_earlierRuns, OutputSource) = (runs, null);
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
