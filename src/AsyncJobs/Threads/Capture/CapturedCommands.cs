namespace AsyncJobs.Threads.Capture;

/// <summary>
/// The caller's functions and aliases that a block calls, those that these call in turn, and the modules that the rest
/// come from. PowerShell's own are everywhere and not counted.
/// </summary>
internal sealed class CapturedCommands : ICommandResolver
{
    private readonly HashSet<string> _resolved = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ScriptBlock> _standIns = [];
    private readonly PSCmdlet _caller;
    private readonly SessionState _state;
    private readonly MockedCommands _mocks;
    private Dictionary<string, FunctionInfo>? _functions;
    private Dictionary<string, AliasInfo>? _aliases;

    public CapturedCommands(PSCmdlet caller, SessionState state)
    {
        _caller = caller;
        _state = state;
        _mocks = new MockedCommands(caller);
    }

    /// <summary>Functions to define in the worker.</summary>
    public List<FunctionInfo> Functions { get; } = [];

    /// <summary>Scripts that define the functions, and what stands for commands that cannot be called.</summary>
    public IReadOnlyList<ScriptBlock> Definitions => [.. Functions.Select(UnboundScript.DefinitionOf), .. _standIns];

    /// <summary>Functions of modules in memory, which come with their module.</summary>
    public List<FunctionInfo> EnclosedFunctions { get; } = [];

    /// <summary>Aliases to set there.</summary>
    public List<AliasInfo> Aliases { get; } = [];

    /// <summary>Modules to import there, once for each worker.</summary>
    public List<PSModuleInfo> Modules { get; } = [];

    /// <summary>The prefixes that some of these were imported with.</summary>
    public Dictionary<PSModuleInfo, string> Prefixes { get; } = [];

    /// <summary>Whether commands are called that may leave something behind in the runspace: any that are not PowerShell's own.</summary>
    public bool HasForeign { get; private set; }

    private static bool IsHarmless(string command) =>
        CoreCommands.Are(command) && !CommandEffects.Do(command, CommandEffect.ChangesSession | CommandEffect.ShowsModules);

    private static string OwnModule { get; } = typeof(CapturedCommands).Assembly.GetName().Name!;

    /// <inheritdoc/>
    public FunctionInfo? Resolve(string name) => Resolve(name, isCalled: true);

    private FunctionInfo? Resolve(string name, bool isCalled)
    {
        if (IsMocked(name))
        {
            if (isCalled)
            {
                _mocks.Refuse(name);
            }

            if (_resolved.Add(name))
            {
                _standIns.Add(MockedCommands.StandInFor(name));
            }

            return null;
        }

        string bare = QualifiedName.WithoutModule(name);
        if (bare.Length != name.Length && _resolved.Add(name)
            && _caller.InvokeCommand.GetCommand(name, CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet) is { Module: { } named } command
            && !IsOfCaller(named))
        {
            // Another module's command of the same name may hide it.
            HasForeign = true;
            _mocks.CheckCallsOf(command);
            AddModule(named);
            return null;
        }

        if (bare.Length == 0 || !_resolved.Add(bare))
        {
            return null;
        }

        if (AliasTable.TryGetValue(bare, out AliasInfo? alias))
        {
            if (CoreCommands.AliasDefinition(bare) != alias.Definition)
            {
                Add(alias);
            }

            return Resolve(alias.Definition, isCalled);
        }

        if (FunctionTable.TryGetValue(bare, out FunctionInfo? function) && !CoreCommands.IsFunction(function))
        {
            return PesterMock.Is(function) ? null : Add(function);
        }

        if (!IsHarmless(bare))
        {
            HasForeign = true;
            AddModule(_caller.InvokeCommand.GetCmdlet(bare)?.Module);
        }

        return null;
    }

    /// <summary>Takes all the caller's functions and aliases along, and the modules that a task would not find by itself.</summary>
    /// <returns>The functions.</returns>
    public IReadOnlyList<FunctionInfo> ResolveAll()
    {
        HasForeign = true;
        AddModulesOutsidePath();
        var functions = new List<FunctionInfo>();
        foreach (string name in FunctionTable.Keys.Concat(AliasTable.Keys))
        {
            bool isOwn = FunctionTable.TryGetValue(name, out FunctionInfo? function) ? IsOwn(function) : IsOwn(AliasTable[name]);
            if (isOwn && Resolve(name, isCalled: false) is { } own)
            {
                functions.Add(own);
            }
        }

        return functions;
    }

    private void AddModulesOutsidePath()
    {
        foreach (PSObject item in _caller.InvokeCommand.InvokeScript("Microsoft.PowerShell.Core\\Get-Module"))
        {
            if (item.BaseObject is PSModuleInfo module && !IsOfCaller(module))
            {
                _mocks.CheckAllOf(module);
                if (!ModulePath.IsFoundByName(module))
                {
                    AddModule(module);
                }
            }
        }
    }

    private Dictionary<string, T> Read<T>(string drive)
        where T : CommandInfo
    {
        var table = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (T item in ProviderItems.Read<T>(_caller, _state, drive))
        {
            table[item.Name] = item;
        }

        return table;
    }

    private Dictionary<string, AliasInfo> AliasTable => _aliases ??= Read<AliasInfo>(@"alias:\");

    private Dictionary<string, FunctionInfo> FunctionTable => _functions ??= Read<FunctionInfo>(@"function:\");

    private bool IsMocked(string name) => _mocks.HasForAll(name)
        || (AliasTable.TryGetValue(name, out AliasInfo? alias)
            && FunctionTable.TryGetValue(alias.Definition, out FunctionInfo? function) && PesterMock.Is(function));

    private bool IsOwn(FunctionInfo function) => !(function.Module is { } module && !IsOfCaller(module) && !ModulePath.IsInMemory(module));

    private bool IsOwn(AliasInfo alias) =>
        (alias.Module is not { } module || IsOfCaller(module)) && CoreCommands.AliasDefinition(alias.Name) != alias.Definition;

    private void Add(AliasInfo alias)
    {
        if (alias.Module is null || IsOfCaller(alias.Module))
        {
            Aliases.Add(alias);
        }
        else
        {
            AddModule(alias.Module);
        }
    }

    private FunctionInfo? Add(FunctionInfo function)
    {
        if (function.Module is { } module && !IsOfCaller(module))
        {
            _mocks.CheckCallsOf(function);
        }

        if (!IsOwn(function))
        {
            HasForeign = true;
            AddModule(function.Module);
            NotePrefix(function);
            return null;
        }

        (ModuleInMemory.Of(function.ScriptBlock, _state.Module) is null ? Functions : EnclosedFunctions).Add(function);
        return function;
    }

    /// <summary>
    /// The module whose function starts the task: its functions and variables are taken along one by one, as they are now.
    /// </summary>
    private bool IsOfCaller(PSModuleInfo module) => _state.Module is { } own && own.Path == module.Path;

    /// <summary>What the function is called here and what it is written as tell the prefix that its module was imported with.</summary>
    private void NotePrefix(FunctionInfo function)
    {
        string name = function.Name;
        if (function.ScriptBlock.Ast is FunctionDefinitionAst { Name: var written }
            && name.Length > written.Length
            && written.IndexOf('-', StringComparison.Ordinal) + 1 is > 0 and var noun
            && name.StartsWith(written[..noun], StringComparison.OrdinalIgnoreCase)
            && name.EndsWith(written[noun..], StringComparison.OrdinalIgnoreCase))
        {
            Prefixes[function.Module] = name[noun..^(written.Length - noun)];
        }
    }

    private void AddModule(PSModuleInfo? module)
    {
        if (module is not null && module.Name != OwnModule && !ModulePath.IsInMemory(module) && !Modules.Contains(module))
        {
            Modules.Add(module);
        }
    }
}
