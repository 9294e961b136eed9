namespace AsyncJobs.Waits;

/// <summary>The cmdlet that coroutines' steps run within at an idle prompt, where no cmdlet of ours waits; it is in no command table.</summary>
[Cmdlet(VerbsLifecycle.Resume, "AsyncJobsLoop")]
internal sealed class ResumeAsyncJobsLoopCommand : LoopCommand
{
    /// <summary>The command that PowerShell's idle event calls.</summary>
    public static readonly CmdletInfo Info = new("Resume-AsyncJobsLoop", typeof(ResumeAsyncJobsLoopCommand));

    /// <summary>Reports no failures: the next command line may still come to await them.</summary>
    protected override void BeginProcessing()
    {
    }

    /// <summary>Runs what is ready.</summary>
    protected override void EndProcessing() => Session.IdleTurns!.Run(limit =>
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(limit, StoppingToken);
        try
        {
            Session.Turn(this, waitedFor: null, WaitCompletion.Open, until: null, () => false, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The prompt's keys come first; what is left comes with the next event.
        }
    });
}
