namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>Gives <c>$?</c> the value that it had when the coroutine's last step ended. Not exported: the engine calls it.</summary>
[Cmdlet(VerbsData.Restore, "AsyncCoroutineSuccess")]
internal sealed class RestoreAsyncCoroutineSuccessCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Restore-AsyncCoroutineSuccess", typeof(RestoreAsyncCoroutineSuccessCommand));

    /// <summary>Succeeds, or fails without a trace: it is called with -ErrorAction Ignore.</summary>
    protected override void EndProcessing()
    {
        if (CoroutineFrame.Current?.Success is { Value: false })
        {
            WriteError(new ErrorRecord(new InvalidOperationException(), "AsyncCoroutineSuccess", ErrorCategory.NotSpecified, null));
        }
    }
}
