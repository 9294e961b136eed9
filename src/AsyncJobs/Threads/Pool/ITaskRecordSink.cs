namespace AsyncJobs.Threads.Pool;

/// <summary>Gets a copy of everything a task writes, as it writes it; called on the writing thread.</summary>
internal interface ITaskRecordSink
{
    void Begin();

    /// <summary>One object of the output.</summary>
    void AddOutput(PSObject? item);

    /// <summary>One record of another stream.</summary>
    void AddRecord(object record);
}
