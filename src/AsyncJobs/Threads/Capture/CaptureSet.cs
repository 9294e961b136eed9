namespace AsyncJobs.Threads.Capture;

/// <summary>
/// What the tasks of one command take along to other runspaces: found once, by what they want of their caller. The values
/// of variables are read anew for each task.
/// </summary>
internal sealed class CaptureSet
{
    private readonly PSCmdlet _caller;
    private readonly SessionState _state;
    private readonly SeenValues _seenValues;
    private readonly CapturedCommands _commands;
    private readonly CaptureManifest _manifest;
    private readonly Marshaller _finder;
    private HashSet<(string? Variable, string Method)>? _calls;
    private int _plansWithCalls;
    private readonly bool _callsStatic;
    private readonly SortedDictionary<string, PSDriveInfo> _drives = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, PSDriveInfo>? _callerDrives;

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
        _manifest = new CaptureManifest(caller, state, _commands);
        foreach ((Ast script, PSModuleInfo? module) in scripts)
        {
            _manifest.Add(script, module);
        }

        Array.ForEach(values, _manifest.AddValue);
        _manifest.Follow(value => _finder.BlocksIn(value, method => IsCalledOn(variable: null, method)));
        RefuseClassNames();
        _callsStatic = _manifest.Plans.Any(static plan => plan.CallsStatic);
        UsedModules = [.. _manifest.Plans.SelectMany(static plan => plan.UsedModules).Distinct()];
        if (_manifest.Plans.Any(static plan => plan.UsesCallersCmdlet))
        {
            _ = Convert(_finder, "The variable $PSCmdlet", _state.PSVariable.GetValue("PSCmdlet"));
        }

        foreach (string drive in _manifest.Plans.SelectMany(static plan => plan.Drives).Concat(_finder.Drives))
        {
            AddDrive(drive);
        }

        if (_manifest.TakesAll)
        {
            Array.ForEach([.. CallerDrives.Keys], AddDrive);
        }

        // Not by its name: to read the list of drives has PowerShell ask for all mounts, which most commands can do without.
        if (caller.SessionState.Path.CurrentLocation.Drive is { } here && CapturedDrives.IsTaken(here))
        {
            _drives.TryAdd(here.Name, here);
        }

        ModuleArguments = _commands.Modules.ToDictionary(static module => module, ArgumentsOf);
        Definitions = _commands.Definitions;
        RunspaceEffect = _manifest.TakesAll || _commands.HasForeign ? RunspaceEffect.Restorable : RunspaceEffect.None;
        foreach (BlockFacts facts in _manifest.Plans.Select(static plan => plan.Facts)
            .Concat(_manifest.UnnamedFunctions.Select(static function => BlockFacts.Of(function.ScriptBlock.Ast))))
        {
            RunspaceEffect = facts.RunspaceEffect > RunspaceEffect ? facts.RunspaceEffect : RunspaceEffect;
        }
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
    public RunspaceEffect RunspaceEffect { get; }

    /// <summary>The prefixes that some of these were imported with.</summary>
    public IReadOnlyDictionary<PSModuleInfo, string> Prefixes => _commands.Prefixes;

    /// <summary>What they were given when they were imported.</summary>
    public IReadOnlyDictionary<PSModuleInfo, object?[]> ModuleArguments { get; }

    /// <summary>
    /// The modules that scripts of the task have by <c>using module</c>. PowerShell imports them once for the process, where
    /// such a script is compiled first; their classes have to be known in each runspace.
    /// </summary>
    public IReadOnlyCollection<string> UsedModules { get; }

    /// <summary>The caller's functions.</summary>
    public IEnumerable<FunctionInfo> Functions => _commands.Functions;

    /// <summary>The names of the caller's variables.</summary>
    public IEnumerable<string> Variables => Wanted.Where(name => _manifest.Find(name) is not null);

    /// <summary>What is known of the values that the command's tasks have been given.</summary>
    public SeenValues SeenValues => _seenValues;

    private IEnumerable<string> Wanted => _manifest.Variables.Concat(_manifest.ScopedVariables);

    private Dictionary<string, PSDriveInfo> CallerDrives => _callerDrives ??= CapturedDrives.Of(_caller);

    /// <summary>
    /// Whether a task may call methods of PowerShell classes that belong to the caller's session, and so takes turns with
    /// others: PowerShell mixes up calls that come at the same moment.
    /// </summary>
    public bool CallsBound(Marshaller task) => _callsStatic || _finder.HasBound || task.HasBound;

    /// <summary>Reads the variables as they are now; on the pipeline thread.</summary>
    /// <returns>Names, with <c>global:</c> or <c>script:</c> where the block says so, and values.</returns>
    /// <exception cref="RuntimeException">One cannot cross.</exception>
    public List<KeyValuePair<string, object?>> ReadVariables(Marshaller marshaller)
    {
        var values = new List<KeyValuePair<string, object?>>();
        foreach (string name in Wanted)
        {
            if (_manifest.Find(name) is { } variable && TryConvert(marshaller, name, UnavailableVariable.ValueOf(variable), out object? value))
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

    /// <summary>Whether all is taken along that values need: they may have script blocks in them, or name drives.</summary>
    public bool Covers(Marshaller values) =>
        values.Blocks.TrueForAll(block => _manifest.Contains(block.Ast)) && values.Drives.All(HasDrive);

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
        bool isOwn = _manifest.IsOwn(name);
        if (!isOwn && !_manifest.IsUnnamed(name))
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
    private bool IsCalledOn(string? variable, string method)
    {
        _calls ??= [];
        for (; _plansWithCalls < _manifest.Plans.Count; _plansWithCalls++)
        {
            _calls.UnionWith(_manifest.Plans[_plansWithCalls].Methods);
        }

        return _calls.Any(call => call.Method.Equals(method, StringComparison.OrdinalIgnoreCase)
            && (call.Variable is null
                || !_manifest.IsAssigned(call.Variable)
                || call.Variable.Equals(variable, StringComparison.OrdinalIgnoreCase)));
    }

    // What belongs to the caller's session is not there for the module of another.
    private object?[] ArgumentsOf(PSModuleInfo module) => Array.ConvertAll(
        Capture.ModuleArguments.Of(module),
        value => _finder.Pack(value) is Surrogate || _finder.Obstacle is not null ? null : value);

    private void RefuseClassNames()
    {
        foreach (StringConstantExpressionAst text in _manifest.Plans.SelectMany(static plan => plan.ClassNames))
        {
            Type type = CapturePlan.ClassOf(text)!;
            _caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"A thread task does not find the class {type.Name} by its name in text, "
                + $"as '{text.Parent.Extent.Text}' in line {text.Extent.StartLineNumber} would: "
                + $"write the type itself, [{type.Name}], or [{type.Name}]::new() for an object of it.",
                ErrorIds.CannotCapture,
                type));
        }
    }

    private bool HasDrive(string name) => _drives.ContainsKey(name) || !CallerDrives.ContainsKey(name);

    private void AddDrive(string name)
    {
        if (CallerDrives.TryGetValue(name, out PSDriveInfo? drive))
        {
            _drives.TryAdd(name, drive);
        }
    }
}
