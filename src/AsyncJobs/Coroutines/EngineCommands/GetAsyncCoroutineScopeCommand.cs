namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>
/// Takes the parameters that PowerShell has just bound, as variables with their types and attributes, into the
/// coroutine's scope. Not exported: the engine calls it.
/// </summary>
[Cmdlet(VerbsCommon.Get, "AsyncCoroutineScope")]
internal sealed class GetAsyncCoroutineScopeCommand : BoundScopeCommand
{
    public static readonly CmdletInfo Info = new("Get-AsyncCoroutineScope", typeof(GetAsyncCoroutineScopeCommand));

    /// <summary>Takes them.</summary>
    protected override void EndProcessing()
    {
        CoroutineFrame frame = CoroutineFrame.Current!;
        frame.Calls.Pending.AddRange(Parameters);
        frame.Calls.Pending.Add(new PSVariable(EngineNames.BoundParameters, Bound));
        if (Invocation is not null)
        {
            // It says where the task was started, as that of a call would say where that was.
            Invocation.DisplayScriptPosition = ErrorPosition.Of((InvocationInfo)frame.Variables[EngineNames.Invocation].Value);
            frame.Calls.Pending.Add(new PSVariable(EngineNames.Invocation, Invocation));
        }

        frame.Calls.Rest = Rest ?? [];
    }
}
