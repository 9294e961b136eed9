using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// What the tasks of one command take along from their caller: found once, by the names that the block uses and those
/// that the caller's functions use which it calls. The values of variables are read anew for each task.
/// </summary>
internal sealed class CaptureSet
{
    // Paths in a list are alike.
    private const int MostPaths = 16;

    private readonly PSCmdlet _caller;
    private readonly SessionState _state;
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

    // Where a function of another module keeps the variables that it reads.
    private readonly Dictionary<string, PSVariableIntrinsics> _ownVariables = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="state">Where what they run belongs to.</param>
    /// <param name="scripts">What they run.</param>
    /// <param name="values">What is given to them, which may have script blocks in it.</param>
    public CaptureSet(PSCmdlet caller, SessionState state, IEnumerable<(Ast Script, PSModuleInfo? Module)> scripts, params object?[] values)
    {
        _caller = caller;
        _state = state;
        _commands = new CapturedCommands(caller, state);
        foreach ((Ast script, PSModuleInfo? module) in scripts)
        {
            Add(script, module);
        }

        foreach (object? value in values)
        {
            AddPartsOf(value);
        }

        // Not by its name: to read the list of drives has PowerShell ask for all mounts, which most commands can do without.
        if (caller.SessionState.Path.CurrentLocation.Drive is { } here && CapturedDrives.IsTaken(here))
        {
            _drives.TryAdd(here.Name, here);
        }

        Definitions = _commands.Functions.ConvertAll(UnboundScript.DefinitionOf);
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

    /// <summary>The caller's functions.</summary>
    public IEnumerable<FunctionInfo> Functions => _commands.Functions;

    /// <summary>The names of the caller's variables.</summary>
    public IEnumerable<string> Variables => _variables.Concat(_scopedVariables).Where(name => Find(name) is not null);

    /// <summary>Reads the variables as they are now; on the pipeline thread.</summary>
    /// <returns>Names, with <c>global:</c> or <c>script:</c> where the block says so, and values.</returns>
    /// <exception cref="RuntimeException">One cannot cross.</exception>
    public List<KeyValuePair<string, object?>> ReadVariables()
    {
        var values = new List<KeyValuePair<string, object?>>();
        foreach (string name in _variables.Concat(_scopedVariables))
        {
            if (Find(name) is { } variable && TryConvert(name, variable.Value, out object? value))
            {
                values.Add(new(name, value));
            }
        }

        return values;
    }

    /// <summary>The functions of modules in memory, with these modules as they are now.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> ReadEnclosedFunctions()
    {
        if (_commands.EnclosedFunctions.Count == 0)
        {
            return [];
        }

        // One for all, so that the functions of a module share it.
        CapturedValue captured = ValueOf(variable: null);
        return _commands.EnclosedFunctions.ConvertAll(function => KeyValuePair.Create(function.Name, captured.ForTask(function)));
    }

    /// <summary>Whether all is taken along that a value needs: it may have script blocks in it, or name a drive.</summary>
    public bool Covers(object? value) => value.Unwrap() switch
    {
        // Of most tasks, and asked for each.
        null or ValueType => true,
        string text => HasDrive(CapturedDrives.NameIn(text)),
        _ => ScriptBlockFinder.In(value).All(block => _seen.Contains(block.Ast)) && DrivesIn(value).All(HasDrive),
    };

    /// <summary>Makes a value fit for the task's runspace.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="value">The caller's value.</param>
    /// <param name="variable">The variable that holds it in the task, if one does.</param>
    public object? Convert(string what, object? value, string? variable = null)
    {
        CapturedValue captured = ValueOf(variable);
        object? converted = captured.ForTask(value);
        if (captured.Problem is not null)
        {
            _caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"{what} cannot be taken along to a thread task: {captured.Problem}.", ErrorIds.CannotCapture, value));
        }

        return converted;
    }

    private CapturedValue ValueOf(string? variable) => new(_caller, _state.Module, method => IsCalledOn(variable, method));

    private bool TryConvert(string name, object? value, out object? converted)
    {
        // The caller's value may be one that the block never looks at, since it assigns its own.
        if (_assigned.Contains(name) || _bound.Contains(name))
        {
            CapturedValue captured = ValueOf(name);
            converted = captured.ForTask(value);
            return captured.Problem is null;
        }

        if (_unnamed.Contains(name))
        {
            CapturedValue captured = ValueOf(name);
            converted = captured.ForTask(value);
            converted = captured.Problem is null ? converted : new UnavailableVariable(name, captured.Problem);
            return true;
        }

        converted = Convert($"The variable ${name}", value, name);
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
            _ = Convert("The variable $PSCmdlet", _state.PSVariable.GetValue("PSCmdlet"));
        }

        Raise(plan.Facts.RunspaceEffect);
        _assigned.UnionWith(plan.Assigned);
        _bound.UnionWith(plan.Bound);
        _calls.UnionWith(plan.Methods);
        if (module is null || !ModulePath.IsInMemory(module))
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

        foreach (TypeDefinitionAst definition in plan.ClassDefinitions.OfType<TypeDefinitionAst>())
        {
            Add(definition, module);
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
            switch (Find(variable)?.Value.Unwrap())
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
        foreach (string? drive in DrivesIn(value))
        {
            AddDrive(drive);
        }

        foreach (ScriptBlock block in ScriptBlockFinder.In(value))
        {
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

        AddPartsOf(variable.Value);
    }

    private static IEnumerable<string?> DrivesIn(object? value) => value.Unwrap() switch
    {
        string text => [CapturedDrives.NameIn(text)],
        string[] texts => texts.Take(MostPaths).Select(CapturedDrives.NameIn),
        object?[] items => items.Take(MostPaths).Select(static item => CapturedDrives.NameIn(item.Unwrap() as string)),
        _ => [],
    };

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
