namespace AsyncJobs.Threads.Pool;

/// <summary>
/// The streams of a worker's pipeline, in which task follows task: what is written goes to the run under way, at once
/// and on the writing thread, and none of it is kept here.
/// </summary>
internal sealed class PipelineStreams
{
    /// <summary>Who gets what is written now; null between runs, when nothing is of interest.</summary>
    public ThreadRun? Target { get; set; }

    /// <summary>A collection for a pipeline's output.</summary>
    public PSDataCollection<PSObject> CreateOutput() => Watch(new PSDataCollection<PSObject>(), item => Target?.AddOutput(item));

    /// <summary>Takes what a pipeline writes to its other streams.</summary>
    public void AttachTo(PSDataStreams streams)
    {
        Watch(streams.Error, Add);
        Watch(streams.Warning, Add);
        Watch(streams.Verbose, Add);
        Watch(streams.Debug, Add);
        Watch(streams.Information, Add);
        Watch(streams.Progress, Add);
    }

    private static PSDataCollection<T> Watch<T>(PSDataCollection<T> records, Action<T> onRecord)
    {
        records.DataAdded += (_, added) =>
        {
            T record = records[added.Index];
            records.Clear();
            onRecord(record);
        };
        return records;
    }

    /// <summary>Takes a record.</summary>
    public void Add(object record) => Target?.AddRecord(record);
}
