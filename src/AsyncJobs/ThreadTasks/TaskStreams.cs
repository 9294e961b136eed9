using System.Collections.Concurrent;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// The stream records of one thread task, in the order in which they were written, until a waiter takes them; each is
/// taken once.
/// </summary>
/// <param name="copy">Gets a copy of each, and of the output; null for none.</param>
internal sealed class TaskStreams(ITaskRecordSink? copy = null)
{
    private readonly ConcurrentQueue<StreamRecord> _records = new();
    private volatile Action<TaskStreams>? _onRecord;

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
        copy?.AddRecord(record);
        _records.Enqueue(new StreamRecord(record));
        _onRecord?.Invoke(this);
    }

    public bool TryTake(out StreamRecord record) => _records.TryDequeue(out record);

    /// <summary>Copies the output of a PowerShell instance from now on, where somebody wants the copy.</summary>
    public void CollectOutput(PSDataCollection<PSObject> output)
    {
        if (copy is not null)
        {
            output.DataAdded += (source, added) => copy.AddOutput(((PSDataCollection<PSObject>)source!)[added.Index]);
        }
    }

    /// <summary>Collects everything that a PowerShell instance writes to its streams from now on.</summary>
    public void Collect(PSDataStreams streams)
    {
        streams.Error.DataAdded += (source, added) =>
        {
            ErrorRecord error = ((PSDataCollection<ErrorRecord>)source!)[added.Index];
            if (!ScriptWork.IsRefusal(error))
            {
                Add(error);
            }
        };
        streams.Warning.DataAdded += (source, added) => Add(((PSDataCollection<WarningRecord>)source!)[added.Index]);
        streams.Verbose.DataAdded += (source, added) => Add(((PSDataCollection<VerboseRecord>)source!)[added.Index]);
        streams.Debug.DataAdded += (source, added) => Add(((PSDataCollection<DebugRecord>)source!)[added.Index]);
        streams.Information.DataAdded += (source, added) => Add(((PSDataCollection<InformationRecord>)source!)[added.Index]);
        streams.Progress.DataAdded += (source, added) => Add(((PSDataCollection<ProgressRecord>)source!)[added.Index]);
    }
}
