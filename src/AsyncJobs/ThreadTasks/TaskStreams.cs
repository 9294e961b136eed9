using System.Collections.Concurrent;

namespace AsyncJobs;

/// <summary>
/// The stream records of one thread task, in the order in which they were written, until a waiter takes them; each is
/// taken once.
/// </summary>
internal sealed class TaskStreams
{
    private readonly ConcurrentQueue<StreamRecord> _records = new();
    private volatile Action<TaskStreams>? _onRecord;

    /// <summary>The task whose records these are, once it runs.</summary>
    public AsyncTask? Owner { get; set; }

    /// <summary>Whether records wait to be taken.</summary>
    public bool HasRecords => !_records.IsEmpty;

    /// <summary>Called on the writing thread for each record; null for none.</summary>
    public Action<TaskStreams>? OnRecord
    {
        get => _onRecord;
        set => _onRecord = value;
    }

    public void Add(object record)
    {
        _records.Enqueue(new StreamRecord(record));
        _onRecord?.Invoke(this);
    }

    public bool TryTake(out StreamRecord record) => _records.TryDequeue(out record);
}
