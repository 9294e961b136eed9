namespace AsyncJobs.Threads.Capture;

/// <summary>
/// The first command of every run: sets what the task takes along, in the scope around the task's own. A cmdlet rather
/// than a method, since a constrained session lets scripts call no methods.
/// </summary>
[Cmdlet(VerbsCommon.Enter, "AsyncJobsTask")]
internal sealed class EnterAsyncJobsTaskCommand : PSCmdlet
{
    /// <summary>How the run's script names the command; it is in no command table.</summary>
    public static readonly CmdletInfo Info = new("Enter-AsyncJobsTask", typeof(EnterAsyncJobsTaskCommand));

    /// <summary>Sets the variables. Where that is not possible the whole run fails, not only this statement.</summary>
    protected override void EndProcessing()
    {
        try
        {
            ScriptWork.Running!.Enter(SessionState);
        }
        catch (Exception exception) when (exception is not PipelineStoppedException)
        {
            throw ScriptThrow.Of(ErrorRecords.ForException(exception, target: null));
        }
    }
}
