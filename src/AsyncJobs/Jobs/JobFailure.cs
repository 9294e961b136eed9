namespace AsyncJobs.Jobs;

/// <summary>A task's failure in the form in which a job has it, and back.</summary>
internal static class JobFailure
{
    /// <summary>What a job gives as its reason: Receive-Job writes the exception in it, at the position in it.</summary>
    public static Exception ReasonFor(Fault fault)
    {
        if (fault.Detail is not ErrorRecord { InvocationInfo: { ScriptLineNumber: > 0 } place })
        {
            return fault.Exception;
        }

        var start = new ScriptPosition(place.ScriptName, place.ScriptLineNumber, Math.Max(1, place.OffsetInLine), place.Line);
        var end = new ScriptPosition(place.ScriptName, place.ScriptLineNumber, Math.Max(1, place.Line.Length + 1), place.Line);
        return new JobFailedException(fault.Exception, new ScriptExtent(start, end));
    }

    /// <summary>What awaiting a failed job throws: its own exception where it has one, and the record that came with it.</summary>
    public static (Exception Exception, ErrorRecord? Record) Of(Job job)
    {
        if (job is AsyncTaskJob { Task.Fault: { } fault })
        {
            return (fault.Exception, fault.Detail as ErrorRecord);
        }

        Exception reason = job.JobStateInfo.Reason switch
        {
            JobFailedException { Reason: { } inner } => inner,
            { } given => given,
            null => new RemoteException($"The job '{job.Name}' failed and gives no reason."),
        };
        ErrorRecord? record = (reason as IContainsErrorRecord)?.ErrorRecord;
        return (record?.Exception ?? reason, record);
    }
}
