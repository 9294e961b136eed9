using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>
/// The records that a thread task has written to the streams other than output, and that no waiting cmdlet has written
/// as its own yet: each is taken once. Safe to look at from any thread.
/// </summary>
public sealed class TaskStreams
{
    // Made with the first record, as are the bars with the first of them: most tasks have none.
    private ConcurrentQueue<StreamRecord>? _records;
    private TaskProgress? _progress;
    private readonly StreamingHost? _host;
    private readonly ITaskRecordSink? _copy;
    private volatile Action<TaskStreams>? _onRecord;

    /// <param name="host">Shows what Write-Host writes at once; null to keep it.</param>
    /// <param name="copy">Gets a copy of each record, and of the output; null for none.</param>
    /// <param name="progress">The bars, where several tasks share them; null for the task's own.</param>
    internal TaskStreams(StreamingHost? host = null, ITaskRecordSink? copy = null, TaskProgress? progress = null)
    {
        _progress = progress;
        _host = host;
        _copy = copy;
    }

    /// <summary>Errors that did not end the task.</summary>
    public IReadOnlyList<ErrorRecord> Error => Waiting<ErrorRecord>();

    /// <summary>Warnings.</summary>
    public IReadOnlyList<WarningRecord> Warning => Waiting<WarningRecord>();

    /// <summary>Verbose messages.</summary>
    public IReadOnlyList<VerboseRecord> Verbose => Waiting<VerboseRecord>();

    /// <summary>Debug messages.</summary>
    public IReadOnlyList<DebugRecord> Debug => Waiting<DebugRecord>();

    /// <summary>Information, Write-Host's included.</summary>
    public IReadOnlyList<InformationRecord> Information => Waiting<InformationRecord>();

    /// <summary>Progress.</summary>
    public IReadOnlyList<ProgressRecord> Progress => Waiting<ProgressRecord>();

    /// <summary>The task whose records these are, once it runs.</summary>
    internal AsyncTask? Owner { get; set; }

    /// <summary>Whether they are a coroutine's, which sees the session's preferences.</summary>
    internal bool AreCoroutines { get; init; }

    /// <summary>For a coroutine: whether whoever reads them wants information records, too.</summary>
    internal bool TakesInformation { get; set; }

    /// <summary>Whether records wait to be taken.</summary>
    internal bool HasRecords => Volatile.Read(ref _records) is { IsEmpty: false };

    /// <summary>Called on the writing thread for each record; null for none.</summary>
    internal Action<TaskStreams>? OnRecord
    {
        get => _onRecord;
        set => _onRecord = value;
    }

    /// <summary>For a coroutine: its records are kept until somebody reads them.</summary>
    internal static TaskStreams Keeping(bool takesInformation) =>
        new() { AreCoroutines = true, TakesInformation = takesInformation, OnRecord = static _ => { } };

    /// <summary>How many of each wait.</summary>
    public override string ToString() => $"{Error.Count} errors, {Warning.Count} warnings, {Volatile.Read(ref _records)?.Count ?? 0} records";

    internal void Add(object record)
    {
        _copy?.AddRecord(record);
        if (_host is not null && _host.TryWrite(record))
        {
            return;
        }

        record = record is ProgressRecord progress ? LazyInitializer.EnsureInitialized(ref _progress).Translate(progress) : record;
        Enqueue(new StreamRecord(record, IsDecided: AreCoroutines));
        _onRecord?.Invoke(this);
    }

    /// <summary>Passes an object of the output on to where the copy goes.</summary>
    internal void AddOutput(PSObject? item) => _copy?.AddOutput(item);

    /// <summary>The task's script has ended: clears the progress bars that it left behind.</summary>
    internal void Complete()
    {
        foreach (ProgressRecord record in _progress?.TakeLeft() ?? [])
        {
            Enqueue(new StreamRecord(record, IsDecided: false));
        }
    }

    internal bool TryTake([NotNullWhen(true)] out StreamRecord? record)
    {
        record = null;
        return Volatile.Read(ref _records)?.TryDequeue(out record) == true;
    }

    private void Enqueue(StreamRecord record) => LazyInitializer.EnsureInitialized(ref _records).Enqueue(record);

    private T[] Waiting<T>() => Volatile.Read(ref _records)?.Select(static record => record.Record).OfType<T>().ToArray() ?? [];
}
