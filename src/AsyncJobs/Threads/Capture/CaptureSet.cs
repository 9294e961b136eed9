namespace AsyncJobs.Threads.Capture;

/// <summary>
/// What the tasks of one command take along from their caller: found once, by the names that the block uses and those
/// that the caller's functions use which it calls. The values of variables are read anew for each task.
/// </summary>
internal sealed class CaptureSet
{
    private readonly PSCmdlet _caller;
    private readonly SessionState _state;
    private readonly SeenValues _seenValues;
    private readonly Marshaller _finder;
    private readonly CapturedCommands _commands;
    private readonly SortedSet<string> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _scopedVariables = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _assigned = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _bound = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string? Variable, string Method)> _calls = [];
    private Dictionary<string, PSDriveInfo>? _callerDrives;
    private readonly SortedDictionary<string, PSDriveInfo> _drives = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Ast> _seen = [];

    // Those that nobody knows to be read; one that cannot cross is an error only if it is.
    private readonly HashSet<string> _unnamed = new(StringComparer.OrdinalIgnoreCase);
    private bool _takesAll;

    private bool _callsStatic;
    private readonly HashSet<string> _usedModules = [];

    // How many of the finder's blocks have been followed.
    private int _followed;

    // Where a function of another module keeps the variables that it reads.
    private readonly Dictionary<string, PSVariableIntrinsics> _ownVariables = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="state">Where what they run belongs to.</param>
    /// <param name="scripts">What they run.</param>
    /// <param name="seen">What the command's tasks need not look through again.</param>
    /// <param name="values">What is given to them, which may have script blocks in it.</param>
    public CaptureSet(
        PSCmdlet caller,
        SessionState state,
        IEnumerable<(Ast Script, PSModuleInfo? Module)> scripts,
        SeenValues seen,
        params object?[] values)
    {
        _caller = caller;
        _state = state;
        _seenValues = seen;
        _finder = NewMarshaller();
        _commands = new CapturedCommands(caller, state);
        foreach ((Ast script, PSModuleInfo? module) in scripts)
        {
            Add(script, module);
        }

        foreach (object? value in values)
        {
            AddPartsOf(value);
        }

        foreach (string drive in _finder.Drives)
        {
            AddDrive(drive);
        }

        // Not by its name: to read the list of drives has PowerShell ask for all mounts, which most commands can do without.
        if (caller.SessionState.Path.CurrentLocation.Drive is { } here && CapturedDrives.IsTaken(here))
        {
            _drives.TryAdd(here.Name, here);
        }

        Definitions = _commands.Definitions;
        Raise(_commands.HasForeign ? RunspaceEffect.Restorable : RunspaceEffect.None);
    }

    /// <summary>Scripts that define the caller's functions.</summary>
    public IReadOnlyList<ScriptBlock> Definitions { get; }

    /// <summary>The caller's aliases.</summary>
    public IReadOnlyList<AliasInfo> Aliases => _commands.Aliases;

    /// <summary>The caller's own drives.</summary>
    public IReadOnlyCollection<PSDriveInfo> Drives => _drives.Values;

    /// <summary>Modules to import.</summary>
    public IReadOnlyList<PSModuleInfo> Modules => _commands.Modules;

    /// <summary>What the task may leave behind in its runspace.</summary>
    public RunspaceEffect RunspaceEffect { get; private set; }

    /// <summary>The prefixes that some of these were imported with.</summary>
    public IReadOnlyDictionary<PSModuleInfo, string> Prefixes => _commands.Prefixes;

    /// <summary>
    /// The modules that scripts of the task have by <c>using module</c>. PowerShell imports them once for the process, where
    /// such a script is compiled first; their classes have to be known in each runspace.
    /// </summary>
    public IReadOnlyCollection<string> UsedModules => _usedModules;

    /// <summary>
    /// Whether its tasks may call methods of PowerShell classes that belong to the caller's session, and so run one after
    /// the other: PowerShell mixes up calls that come at the same moment.
    /// </summary>
    public bool CallsBound => _callsStatic || _finder.HasBound;

    /// <summary>The caller's functions.</summary>
    public IEnumerable<FunctionInfo> Functions => _commands.Functions;

    /// <summary>The names of the caller's variables.</summary>
    public IEnumerable<string> Variables => _variables.Concat(_scopedVariables).Where(name => Find(name) is not null);

    /// <summary>Reads the variables as they are now; on the pipeline thread.</summary>
    /// <returns>Names, with <c>global:</c> or <c>script:</c> where the block says so, and values.</returns>
    /// <exception cref="RuntimeException">One cannot cross.</exception>
    public List<KeyValuePair<string, object?>> ReadVariables(Marshaller marshaller)
    {
        var values = new List<KeyValuePair<string, object?>>();
        foreach (string name in _variables.Concat(_scopedVariables))
        {
            if (Find(name) is { } variable && TryConvert(marshaller, name, UnavailableVariable.ValueOf(variable), out object? value))
            {
                values.Add(new(name, value));
            }
        }

        return values;
    }

    /// <summary>The functions of modules in memory, with these modules as they are now.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> ReadEnclosedFunctions(Marshaller marshaller) =>
        _commands.EnclosedFunctions.ConvertAll(function => KeyValuePair.Create(function.Name, marshaller.Pack(function)));

    /// <summary>What one task's values are made fit for its runspace by.</summary>
    public Marshaller NewMarshaller() => new(
        _caller, _state.Module, _seenValues, (module, block) => ModuleVariables.Of(_caller, module, block));

    /// <summary>What is known of the values that the command's tasks have been given.</summary>
    public SeenValues SeenValues => _seenValues;

    /// <summary>Whether all is taken along that values need: they may have script blocks in them, or name drives.</summary>
    public bool Covers(Marshaller values) =>
        values.Blocks.TrueForAll(block => _seen.Contains(block.Ast)) && values.Drives.All(HasDrive);

    /// <summary>Makes a value fit for the task's runspace.</summary>
    /// <param name="marshaller">The task's.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="value">The caller's value.</param>
    /// <param name="variable">The variable that holds it in the task, if one does.</param>
    public object? Convert(Marshaller marshaller, string what, object? value, string? variable = null)
    {
        object? converted = marshaller.Pack(value, method => IsCalledOn(variable, method));
        if (marshaller.Obstacle is not null)
        {
            _caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"{what} cannot be taken along to a thread task: {marshaller.Obstacle}.", ErrorIds.CannotCapture, value));
        }

        return converted;
    }

    private bool TryConvert(Marshaller marshaller, string name, object? value, out object? converted)
    {
        // The caller's value may be one that the block never looks at, since it assigns its own; or nobody knows whether it does.
        bool isOwn = _assigned.Contains(name) || _bound.Contains(name);
        if (!isOwn && !_unnamed.Contains(name))
        {
            converted = Convert(marshaller, $"The variable ${name}", value, name);
            return true;
        }

        converted = marshaller.Pack(value, method => IsCalledOn(name, method));
        if (marshaller.Obstacle is { } obstacle)
        {
            converted = new UnavailableVariable(name, obstacle);
            return !isOwn;
        }

        return true;
    }

    /// <summary>Whether a method may be called on a value: in its own variable, or wherever it can have got to.</summary>
    private bool IsCalledOn(string? variable, string method) => _calls.Any(call =>
        call.Method.Equals(method, StringComparison.OrdinalIgnoreCase)
        && (call.Variable is null
            || !_assigned.Contains(call.Variable)
            || call.Variable.Equals(variable, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A variable that the block would see if it ran in a scope within the caller's.</summary>
    private PSVariable? Find(string name)
    {
        PSVariable? own = _ownVariables.TryGetValue(name, out PSVariableIntrinsics? variables) ? variables.Get(name) : null;
        PSVariable? variable = own ?? _state.PSVariable.Get(name);
        return variable is not null && SurroundingVariables.IsSeen(variable) ? variable : null;
    }

    /// <summary>Takes in the names that a script uses, and whatever these lead to.</summary>
    private void Add(Ast script, PSModuleInfo? module)
    {
        if (!_seen.Add(script))
        {
            return;
        }

        CapturePlan plan = CapturePlan.Of(script);
        RefuseClassNames(plan);
        if (plan.UsesCallersCmdlet)
        {
            _ = Convert(_finder, "The variable $PSCmdlet", _state.PSVariable.GetValue("PSCmdlet"));
        }

        Raise(plan.Facts.RunspaceEffect);
        _assigned.UnionWith(plan.Assigned);
        _bound.UnionWith(plan.Bound);
        _calls.UnionWith(plan.Methods);
        if (OwnerOf(module) is null || !ModulePath.IsInMemory(module!))
        {
            _scopedVariables.UnionWith(plan.ScopedVariables);
            foreach (string name in plan.Variables)
            {
                AddVariable(name, module);
            }
        }

        foreach (string name in plan.Commands)
        {
            AddCommand(name);
        }

        _callsStatic |= plan.Classes.Any(static type => !ScriptClass.RunsAnywhere(type)) && script.Find(IsStaticCall, true) is not null;
        foreach (TypeDefinitionAst definition in plan.ClassDefinitions.OfType<TypeDefinitionAst>())
        {
            Add(definition, module);
        }

        foreach (UsingStatementAst used in (script as ScriptBlockAst)?.UsingStatements ?? Enumerable.Empty<UsingStatementAst>())
        {
            if (used is { UsingStatementKind: UsingStatementKind.Module, Name: { Value: var name } })
            {
                bool isPath = name.IndexOfAny(['/', '\\']) >= 0;
                _usedModules.Add(isPath ? Path.GetFullPath(name, Path.GetDirectoryName(script.Extent.File) ?? Environment.CurrentDirectory) : name);
            }
        }

        AddCommandsIn(plan.CommandVariables);
        if (plan.Facts.ReachesUnnamed || plan.ClassDefinitions.Contains(null))
        {
            AddAll();
        }

        foreach (string name in plan.Drives)
        {
            AddDrive(name);
        }
    }

    private void Raise(RunspaceEffect effect) =>
        RunspaceEffect = (RunspaceEffect)Math.Max((int)RunspaceEffect, (int)effect);

    private static bool IsStaticCall(Ast node) => node is InvokeMemberExpressionAst
    {
        Static: true, Expression: TypeExpressionAst { TypeName: var name }, Member: StringConstantExpressionAst { Value: not "new" },
    }
        && name.GetReflectionType() is { } type && ScriptClass.IsOne(type);

    private void RefuseClassNames(CapturePlan plan)
    {
        foreach ((Type type, Ast place) in plan.ClassNames)
        {
            _caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"A thread task does not find the class {type.Name} by its name in text, "
                + $"as '{place.Extent.Text}' in line {place.Extent.StartLineNumber} would: "
                + $"write the type itself, [{type.Name}], or [{type.Name}]::new() for an object of it.",
                ErrorIds.CannotCapture,
                type));
        }
    }

    private void AddCommandsIn(IEnumerable<string> variables)
    {
        foreach (string variable in variables)
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
    }

    /// <summary>Takes in all that the block might find by names that are not in its text.</summary>
    private void AddAll()
    {
        Raise(RunspaceEffect.Restorable);
        if (_takesAll)
        {
            return;
        }

        _takesAll = true;
        foreach (PSVariable variable in ProviderItems.Variables(_caller, _state))
        {
            // It may be asked for with its scope, too.
            string scoped = ScriptScope.With(variable.Name);
            bool isOfScript = _state.PSVariable.Get(scoped) == variable;
            string name = isOfScript ? scoped : variable.Name;
            if ((isOfScript ? _scopedVariables : _variables).Add(name))
            {
                _unnamed.Add(name);
            }
        }

        // All that they call is there, so there is nothing to follow.
        foreach (string drive in CallerDrives.Keys)
        {
            AddDrive(drive);
        }

        foreach (FunctionInfo function in _commands.ResolveAll())
        {
            Raise(BlockFacts.Of(function.ScriptBlock.Ast).RunspaceEffect);
        }
    }

    private void AddCommand(string name)
    {
        if (_commands.Resolve(name) is { } function)
        {
            Add(function.ScriptBlock.Ast, OwnerOf(function.Module));
        }
        else if (name.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) && CalledScript.Find(_caller, name) is { } script)
        {
            Add(script, module: null);
        }
    }

    /// <summary>Takes in what the parts of a value need.</summary>
    private void AddPartsOf(object? value)
    {
        _finder.Pack(value, method => IsCalledOn(variable: null, method));
        while (_followed < _finder.Blocks.Count)
        {
            ScriptBlock block = _finder.Blocks[_followed++];
            Add(block.Ast, OwnerOf(block.Module));
        }
    }

    private void AddVariable(string name, PSModuleInfo? module)
    {
        if (AutomaticVariables.Are(name, VariableKind.Everywhere))
        {
            return;
        }

        if (module?.SessionState.PSVariable is { } own && own.Get(name) is not null)
        {
            _ownVariables.TryAdd(name, own);
        }

        if (!_variables.Add(name) || Find(name) is not { } variable)
        {
            return;
        }

        AddPartsOf(UnavailableVariable.ValueOf(variable));
    }

    private bool HasDrive(string? name) => name is null || _drives.ContainsKey(name) || !CallerDrives.ContainsKey(name);

    private void AddDrive(string? name)
    {
        if (name is not null && CallerDrives.TryGetValue(name, out PSDriveInfo? drive))
        {
            _drives.TryAdd(name, drive);
        }
    }

    private Dictionary<string, PSDriveInfo> CallerDrives => _callerDrives ??= CapturedDrives.Of(_caller);

    /// <summary>The module whose variables a function or closure sees, where that is not simply the caller's.</summary>
    private PSModuleInfo? OwnerOf(PSModuleInfo? module) =>
        module is null || module == _state.Module ? null : module;
}
