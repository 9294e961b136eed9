namespace AsyncJobs.Automation.Scopes;

/// <summary>Runs what the session has for it. Not exported: the engine calls it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AsyncCoroutineStep")]
internal sealed class InvokeAsyncCoroutineStepCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Invoke-AsyncCoroutineStep", typeof(InvokeAsyncCoroutineStepCommand));

    protected override void EndProcessing() => ScriptFrame.Pending?.Invoke();
}
