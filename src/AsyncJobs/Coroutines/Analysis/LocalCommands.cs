namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The functions and aliases that coroutines call and that go with the scope they are started in: they are taken along, as
/// variables are. All others stay where they are, and so do mocks of Pester.
/// </summary>
/// <param name="caller">The cmdlet that starts the coroutines.</param>
/// <param name="state">Where their block belongs to, and from where this is asked.</param>
internal sealed class LocalCommands(PSCmdlet caller, SessionState state) : ICommandResolver
{
    private const CommandTypes Kinds = CommandTypes.Function | CommandTypes.Filter | CommandTypes.Alias;

    private readonly HashSet<string> _resolved = new(StringComparer.OrdinalIgnoreCase);
    private SessionState? _outside;

    /// <summary>The functions; null for none.</summary>
    public Dictionary<string, ScriptBlock>? Functions { get; private set; }

    /// <summary>What the aliases stand for; null for none.</summary>
    public Dictionary<string, string>? Aliases { get; private set; }

    /// <inheritdoc/>
    public FunctionInfo? Resolve(string name)
    {
        if (name.IndexOfAny(['\\', '/', '.', ':', '*', '?', '[']) >= 0 || SuspendingCommands.Of(name) is not null || !_resolved.Add(name))
        {
            return null;
        }

        // A way of looking that does not load modules.
        switch (First(name, Kinds))
        {
            case AliasInfo alias:
                Keep(alias);
                return Resolve(alias.Definition);
            case FunctionInfo mock when PesterMock.Is(mock):
                return null;
            case FunctionInfo function when function.Module == state.Module:
                Keep(function);
                return function;
            default:
                return null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FunctionInfo> ResolveAll()
    {
        FunctionInfo[] functions =
        [
            .. ProviderItems.Read<FunctionInfo>(caller, state, @"function:\")
                .Where(function => function.Module == state.Module && !PesterMock.Is(function)),
        ];
        Array.ForEach(functions, Keep);
        foreach (AliasInfo alias in ProviderItems.Read<AliasInfo>(caller, state, @"alias:\"))
        {
            Keep(alias);
        }

        return functions;
    }

    private void Keep(FunctionInfo function)
    {
        // That of a module's own scope is seen by all its functions.
        string outer = function.Module is null ? "global:" : "script:";
        if ((First(outer + function.Name, CommandTypes.Function | CommandTypes.Filter) as FunctionInfo)?.ScriptBlock != function.ScriptBlock)
        {
            (Functions ??= new(StringComparer.OrdinalIgnoreCase))[function.Name] = function.ScriptBlock;
        }
    }

    private void Keep(AliasInfo alias)
    {
        if (!alias.Options.HasFlag(ScopedItemOptions.AllScope) && CommandEffects.AliasDefinition(alias.Name) != alias.Definition && !IsGlobal(alias)
            && !PesterMock.Is(alias))
        {
            (Aliases ??= new(StringComparer.OrdinalIgnoreCase))[alias.Name] = alias.Definition;
        }
    }

    // Of aliases no name says the scope; a module that exports nothing sees those that are global, and no others.
    private bool IsGlobal(AliasInfo alias) => SessionStateInvoker.Invoke(
        caller.InvokeCommand,
        _outside ??= new PSModuleInfo(linkToGlobal: true).SessionState,
        () => ReferenceEquals(First(alias.Name, CommandTypes.Alias), alias));

    private CommandInfo? First(string name, CommandTypes kinds) =>
        caller.InvokeCommand.GetCommands(name, kinds, nameIsPattern: false).FirstOrDefault();
}
