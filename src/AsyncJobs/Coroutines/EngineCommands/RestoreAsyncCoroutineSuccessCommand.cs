namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>Makes <c>$?</c> false, as it was when the coroutine's last step ended. Not exported: the engine calls it.</summary>
[Cmdlet(VerbsData.Restore, "AsyncCoroutineSuccess")]
internal sealed class RestoreAsyncCoroutineSuccessCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Restore-AsyncCoroutineSuccess", typeof(RestoreAsyncCoroutineSuccessCommand));

    /// <summary>Fails without a trace: it is called with -ErrorAction Ignore.</summary>
    protected override void EndProcessing() =>
        WriteError(new ErrorRecord(new InvalidOperationException(), "AsyncCoroutineSuccess", ErrorCategory.NotSpecified, null));
}
