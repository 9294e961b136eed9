namespace AsyncJobs.Capture;

/// <summary>
/// What the tasks of one command want of their starter, by name: found in the text of what they run, and followed through
/// the functions, scripts, classes and blocks that this leads to.
/// </summary>
/// <param name="caller">The cmdlet that starts the tasks.</param>
/// <param name="state">Where what they run belongs to.</param>
/// <param name="commands">Finds out what commands are.</param>
internal sealed class CaptureManifest(PSCmdlet caller, SessionState state, ICommandResolver commands)
{
    private readonly SortedSet<string> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _scopedVariables = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _assigned = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _bound = new(StringComparer.OrdinalIgnoreCase);

    // Those that nobody knows to be read.
    private readonly HashSet<string> _unnamed = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Ast> _seen = [];
    private readonly List<CapturePlan> _plans = [];
    private readonly List<object?> _values = [];

    // Where a function of another module keeps the variables that it reads.
    private readonly Dictionary<string, PSVariableIntrinsics> _ownVariables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The variables, without scope.</summary>
    public IReadOnlyCollection<string> Variables => _variables;

    /// <summary>The variables that are named with <c>global:</c> or <c>script:</c>, with that.</summary>
    public IReadOnlyCollection<string> ScopedVariables => _scopedVariables;

    /// <summary>What each script says that was followed.</summary>
    public IReadOnlyList<CapturePlan> Plans => _plans;

    /// <summary>The functions that may be called by names which no text has.</summary>
    public IReadOnlyList<FunctionInfo> UnnamedFunctions { get; private set; } = [];

    /// <summary>Whether commands may be called, or variables read, whose names no text has: then all there are is wanted.</summary>
    public bool TakesAll { get; private set; }

    /// <summary>Whether what a variable or the like holds is called.</summary>
    public bool CallsValues => _plans.Exists(static plan => plan.CallsValues);

    /// <summary>Whether a variable is wanted only because all are.</summary>
    public bool IsUnnamed(string variable) => _unnamed.Contains(variable);

    /// <summary>Whether the tasks assign a variable somewhere, so that the starter's may never be looked at.</summary>
    public bool IsAssigned(string variable) => _assigned.Contains(variable);

    /// <summary>The same; or a loop or a call gives it its values.</summary>
    public bool IsOwn(string variable) => _assigned.Contains(variable) || _bound.Contains(variable);

    /// <summary>Whether a script has been followed.</summary>
    public bool Contains(Ast script) => _seen.Contains(script);

    /// <summary>A variable that the block would see if it ran in a scope within the starter's; null for none.</summary>
    public PSVariable? Find(string name)
    {
        PSVariable? own = _ownVariables.TryGetValue(name, out PSVariableIntrinsics? variables) ? variables.Get(name) : null;
        PSVariable? variable = own ?? state.PSVariable.Get(name);
        return variable is not null && SurroundingVariables.IsSeen(variable) ? variable : null;
    }

    /// <summary>Takes in the names that a script uses, and whatever these lead to.</summary>
    /// <param name="script">The script.</param>
    /// <param name="module">The module that it is of, or null.</param>
    public void Add(Ast script, PSModuleInfo? module)
    {
        if (!_seen.Add(script))
        {
            return;
        }

        CapturePlan plan = CapturePlan.Of(script);
        _plans.Add(plan);
        _assigned.UnionWith(plan.Assigned);
        _bound.UnionWith(plan.Bound);
        PSModuleInfo? owner = module == state.Module ? null : module;
        if (owner is null || !ModulePath.IsInMemory(owner))
        {
            _scopedVariables.UnionWith(plan.ScopedVariables);
            foreach (string name in plan.Variables)
            {
                AddVariable(name, owner);
            }
        }

        foreach (string name in plan.Commands)
        {
            AddCommand(name);
        }

        foreach (TypeDefinitionAst definition in plan.ClassDefinitions.OfType<TypeDefinitionAst>())
        {
            Add(definition, module);
        }

        foreach (string variable in plan.CommandVariables)
        {
            AddCommandIn(variable);
        }

        if (plan.Facts.ReachesUnnamed || plan.ClassDefinitions.Contains(null))
        {
            AddAll();
        }
    }

    /// <summary>Has a value followed that the tasks are given.</summary>
    public void AddValue(object? value) => _values.Add(value);

    /// <summary>Follows what the values hold, those of the variables and those that the tasks are given.</summary>
    /// <param name="find">Finds the script blocks in a value.</param>
    public void Follow(Func<object?, IEnumerable<ScriptBlock>> find)
    {
        // More values may come while it does.
        for (int i = 0; i < _values.Count; i++)
        {
            foreach (ScriptBlock block in find(_values[i]))
            {
                Add(block.Ast, block.Module);
            }
        }
    }

    private void AddVariable(string name, PSModuleInfo? owner)
    {
        if (AutomaticVariables.Are(name, VariableKind.Everywhere))
        {
            return;
        }

        if (owner?.SessionState.PSVariable is { } own && own.Get(name) is not null)
        {
            _ownVariables.TryAdd(name, own);
        }

        if (_variables.Add(name) && Find(name) is { } variable)
        {
            AddValue(UnavailableVariable.ValueOf(variable));
        }
    }

    private void AddCommand(string name)
    {
        if (commands.Resolve(name) is { } function)
        {
            Add(function.ScriptBlock.Ast, function.Module);
        }
        else if (name.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) && CalledScript.Find(caller, name) is { } script)
        {
            Add(script, module: null);
        }
    }

    private void AddCommandIn(string variable)
    {
        switch (Find(variable) is { } held ? UnavailableVariable.ValueOf(held).Unwrap() : null)
        {
            case string command:
                AddCommand(command);
                break;
            case ScriptBlock or CommandInfo:
                break;
            default:
                AddAll();
                break;
        }
    }

    /// <summary>Takes in all that the block might find by names that are not in its text; all that those call is there, too.</summary>
    private void AddAll()
    {
        if (TakesAll)
        {
            return;
        }

        TakesAll = true;
        foreach (PSVariable variable in ProviderItems.Variables(caller, state))
        {
            // It may be asked for with its scope, too.
            string scoped = ScriptScope.With(variable.Name);
            bool isOfScript = state.PSVariable.Get(scoped) == variable;
            string name = isOfScript ? scoped : variable.Name;
            if ((isOfScript ? _scopedVariables : _variables).Add(name))
            {
                _unnamed.Add(name);
            }
        }

        UnnamedFunctions = commands.ResolveAll();
    }
}
