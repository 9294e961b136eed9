namespace AsyncJobs;

/// <content>What the task has written so far, for those who read it before its end.</content>
public partial class AsyncTask
{
    // Made when first needed: most tasks are read at their end.
    private LiveOutputs? _live;

    private LiveOutputs Live => LazyInitializer.EnsureInitialized(ref _live, static () => new LiveOutputs());

    /// <summary>What the work has written in all, where that is not the task's output, for those who read it as it is written.</summary>
    internal TaskOutput? WrittenOutput
    {
        get => Volatile.Read(ref _live)?.Written;
        set => Live.Written = value;
    }

    /// <summary>
    /// What is asked, after the task's end, for what it has written: set where that is not the task's output, or not all of it.
    /// </summary>
    internal IOutputSource? EndedSource
    {
        set => Live.EndedSource = value;
    }

    /// <summary>Whether what is written now is lost if it fails, since the work is tried again then: nobody reads it before that is known.</summary>
    internal bool MayBeRetried { get; set; }

    /// <summary>How many objects earlier runs of a periodic task have written that are no part of its output in the end.</summary>
    internal int DroppedCount => Volatile.Read(ref _live)?.DroppedCount ?? 0;

    /// <summary>Whether anybody reads.</summary>
    internal bool HasReaders => Volatile.Read(ref _live) is { HasReaders: true };

    /// <summary>Has a reader told of what is written, and of what has been.</summary>
    internal void AddReader(LiveOutput reader)
    {
        Live.Add(reader);
        (Carrier as IOutputSource ?? Live.EndedSource)?.PublishOutput();
    }

    internal void RemoveReader(LiveOutput reader) => Live.Remove(reader);

    /// <summary>Hands on what the work has written so far, unless that may be lost yet; under a lock or on a thread that keeps the list still.</summary>
    internal void PublishOutput(IReadOnlyList<object?> written)
    {
        if (!MayBeRetried && Volatile.Read(ref _live) is { } live)
        {
            live.Publish(written);
        }
    }

    /// <summary>Notes that a run of a periodic task is over.</summary>
    /// <param name="runs">What earlier runs have written; the task's output in the end, or the beginning of it.</param>
    /// <param name="written">What this one has.</param>
    /// <param name="isDropped">Whether what earlier runs have written is dropped.</param>
    internal void EndRun(List<object?> runs, IReadOnlyList<object?> written, bool isDropped)
    {
        Carrier = null;
        Live.EndRun(runs, written, isDropped);
    }
}
