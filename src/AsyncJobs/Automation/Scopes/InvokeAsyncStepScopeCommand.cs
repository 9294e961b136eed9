namespace AsyncJobs.Automation.Scopes;

/// <summary>Runs the actions that are piped to it, in the scope it was called in. Not exported: the engine calls it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AsyncLoopGround")]
internal sealed class InvokeAsyncStepScopeCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Invoke-AsyncLoopGround", typeof(InvokeAsyncStepScopeCommand));

    /// <summary>What to run; it throws nothing.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? Action { get; set; }

    protected override void ProcessRecord() => ((Action?)Action.Unwrap())?.Invoke();
}
