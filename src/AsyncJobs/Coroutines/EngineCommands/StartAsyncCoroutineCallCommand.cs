namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>
/// Takes what PowerShell has bound for the call of a function, and what else the function sees where it is called. Not
/// exported: the engine calls it, in the scope of the call.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncCoroutineCall")]
internal sealed class StartAsyncCoroutineCallCommand : BoundScopeCommand
{
    public static readonly CmdletInfo Info = new("Start-AsyncCoroutineCall", typeof(StartAsyncCoroutineCallCommand));

    /// <summary>Takes it.</summary>
    protected override void EndProcessing()
    {
        CoroutineFrame caller = CoroutineFrame.Current!;
        (ScriptBlock function, bool isDotted) = caller.Calls.Calling;
        var names = new CommandNames(this, function);
        caller.Calls.Bound = new BoundCall(CallMeaning.Of(caller, function, names, isDotted, Name, name => SurroundingVariables.Find(SessionState.PSVariable, name)))
        {
            Arguments = Rest ?? [],
            Parameters = Bound,
            Invocation = Invocation,
            Variables = [.. Parameters],
            Preferences = [.. LocalPreferences()],
        };
    }

    // A function that is told how to treat errors and the like by a common parameter has that as variables.
    private IEnumerable<PSVariable> LocalPreferences() => BuiltInParameters.All
        .Where(parameter => parameter.Preference is not null && Bound.ContainsKey(parameter.Name))
        .Select(parameter => Local(parameter.Preference!)).OfType<PSVariable>();
}
