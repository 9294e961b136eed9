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
        (ScriptBlock function, bool isDotted) = caller.Calling;
        var names = new CommandNames(this, function);
        CoroutineProgram program = caller.Program.Compiler.ProgramOf(function, names, PSLanguageMode.FullLanguage)
            .CalledBy(caller.Program, function, names, isDotted);
        bool isStrict = program.IsStrictFor(this);
        List<PSVariable> inherited = Inherited(program);
        program = program.WithReadableVariables(function, names, name => isStrict || inherited.Exists(outer => string.Equals(outer.Name, name, StringComparison.OrdinalIgnoreCase)));
        caller.Bound = new BoundCall(program)
        {
            Arguments = Rest ?? [],
            Parameters = Bound,
            Invocation = Invocation,
            Variables = [.. Parameters],
            Preferences = [.. LocalPreferences()],
            Inherited = inherited,
            IsStrict = isStrict,
            Called = names.Called,
            MayCallDirectly = names.AreOurs(program.OwnCommands),
        };
    }

    // A function that is told how to treat errors and the like by a common parameter has that as variables.
    private IEnumerable<PSVariable> LocalPreferences() => BuiltInParameters.All
        .Where(parameter => parameter.Preference is not null && Bound.ContainsKey(parameter.Name))
        .Select(parameter => Local(parameter.Preference!)).OfType<PSVariable>();

    /// <summary>Of the variables that the function assigns those that it sees before.</summary>
    private List<PSVariable> Inherited(CoroutineProgram program) =>
    [
        .. program.Names.Assigned.Except(Name, StringComparer.OrdinalIgnoreCase)
            .Select(name => SurroundingVariables.Find(SessionState.PSVariable, name)).OfType<PSVariable>(),
    ];
}
