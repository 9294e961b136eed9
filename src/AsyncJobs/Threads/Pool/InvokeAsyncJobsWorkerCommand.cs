namespace AsyncJobs.Threads.Pool;

/// <summary>
/// The one command of a worker's pipeline: it stays in it for task after task, since setting up a pipeline costs a
/// hundred times what a small block does.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "AsyncJobsWorker")]
internal sealed class InvokeAsyncJobsWorkerCommand : PSCmdlet
{
    /// <summary>How the worker's pipeline names it; it is in no command table.</summary>
    public static readonly CmdletInfo Info = new("Invoke-AsyncJobsWorker", typeof(InvokeAsyncJobsWorkerCommand));

    private readonly ThreadWorker _worker = ThreadWorker.Current!;

    /// <summary>Runs tasks until the worker or the pipeline is done with.</summary>
    protected override void EndProcessing()
    {
        // No import has told: a worker's runspace has our cmdlets from the start.
        GlobalSessionState.Remember(SessionState);
        _worker.Serve(this);
    }

    /// <summary>Ends the wait for the next task.</summary>
    protected override void StopProcessing() => _worker.PipelineStopped();
}
