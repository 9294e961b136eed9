using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// What the tasks of one command take along from their caller: found once, by the names that the block uses and those
/// that the caller's functions use which it calls. The values of variables are read anew for each task.
/// </summary>
internal sealed class CaptureSet
{
    private readonly PSCmdlet _caller;
    private readonly CapturedCommands _commands;
    private readonly SortedSet<string> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _scopedVariables = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _assigned = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _bound = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string? Variable, string Method)> _calls = [];
    private readonly SortedDictionary<string, PSDriveInfo> _drives = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Ast> _seen = [];

    // Where a closure, or a function of a module without a file, keeps the variables that it reads.
    private readonly Dictionary<string, PSVariableIntrinsics> _ownVariables = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="scripts">What they run.</param>
    public CaptureSet(PSCmdlet caller, IEnumerable<(Ast Script, PSModuleInfo? Module)> scripts)
    {
        _caller = caller;
        _commands = new CapturedCommands(caller);
        foreach ((Ast script, PSModuleInfo? module) in scripts)
        {
            Add(script, module);
        }

        Definitions = _commands.Functions.ConvertAll(UnboundScript.DefinitionOf);
        MayChangeSession |= _commands.HasForeign;
    }

    /// <summary>Scripts that define the caller's functions.</summary>
    public IReadOnlyList<ScriptBlock> Definitions { get; }

    /// <summary>The caller's aliases.</summary>
    public IReadOnlyList<AliasInfo> Aliases => _commands.Aliases;

    /// <summary>The caller's own drives.</summary>
    public IReadOnlyCollection<PSDriveInfo> Drives => _drives.Values;

    /// <summary>Modules to import.</summary>
    public IReadOnlyList<PSModuleInfo> Modules => _commands.Modules;

    /// <summary>Whether the runspace has to be looked after when the task has ended.</summary>
    public bool MayChangeSession { get; private set; }

    /// <summary>Whether it is to be thrown away then.</summary>
    public bool SpoilsSession { get; private set; }

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

    /// <summary>Makes a value fit for the task's runspace.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="value">The caller's value.</param>
    /// <param name="variable">The variable that holds it in the task, if one does.</param>
    public object? Convert(string what, object? value, string? variable = null)
    {
        object? converted = CapturedValue.ForTask(value, method => IsCalledOn(variable, method), out string? problem);
        if (problem is not null)
        {
            _caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"{what} cannot be taken along to a thread task: {problem}.", ErrorIds.CannotCapture, value));
        }

        return converted;
    }

    private bool TryConvert(string name, object? value, out object? converted)
    {
        // The caller's value may be one that the block never looks at, since it assigns its own.
        if (_assigned.Contains(name) || _bound.Contains(name))
        {
            converted = CapturedValue.ForTask(value, method => IsCalledOn(name, method), out string? problem);
            return problem is null;
        }

        converted = Convert($"The variable ${name}", value, name);
        return true;
    }

    /// <summary>Whether a method may be called on a value: in its own variable, or wherever it can have got to.</summary>
    private bool IsCalledOn(string? variable, string method) => _calls.Any(call =>
        call.Method.Equals(method, StringComparison.OrdinalIgnoreCase)
        && (call.Variable is null || !_assigned.Contains(call.Variable) || call.Variable.Equals(variable, StringComparison.OrdinalIgnoreCase)));

    private PSVariable? Find(string name) =>
        (_ownVariables.TryGetValue(name, out PSVariableIntrinsics? own) ? own.Get(name) : null) ?? _caller.SessionState.PSVariable.Get(name);

    /// <summary>Takes in the names that a script uses, and whatever these lead to.</summary>
    private void Add(Ast script, PSModuleInfo? module)
    {
        if (!_seen.Add(script))
        {
            return;
        }

        CapturePlan plan = CapturePlan.Of(script);
        MayChangeSession |= plan.MayChangeSession;
        SpoilsSession |= plan.SpoilsSession;
        _assigned.UnionWith(plan.Names.Assigned);
        _bound.UnionWith(plan.Names.Bound);
        _calls.UnionWith(plan.Names.Methods);
        _scopedVariables.UnionWith(plan.Names.ScopedVariables);
        foreach (string name in plan.Names.Variables)
        {
            AddVariable(name, module);
        }

        foreach (string name in plan.Names.Commands.Except(plan.Names.Functions, StringComparer.OrdinalIgnoreCase))
        {
            AddCommand(name);
        }

        AddCommandsIn(plan.Names.CommandVariables);
        if (plan.Names.CallsUnknown)
        {
            _commands.AddModulesOutsidePath();
        }

        foreach (string name in plan.Names.Drives)
        {
            if (!_drives.ContainsKey(name) && CapturedDrives.Find(_caller, name) is { } drive)
            {
                _drives.Add(name, drive);
            }
        }
    }

    private void AddCommandsIn(IEnumerable<string> variables)
    {
        foreach (string variable in variables)
        {
            switch (Find(variable)?.Value.Bare())
            {
                case string command:
                    AddCommand(command);
                    break;
                case ScriptBlock or CommandInfo:
                    break;
                default:
                    _commands.AddModulesOutsidePath();
                    break;
            }
        }
    }

    private void AddCommand(string name)
    {
        if (_commands.Resolve(name) is { } function)
        {
            Add(function.ScriptBlock.Ast, OwnerOf(function.Module));
        }
    }

    private void AddVariable(string name, PSModuleInfo? module)
    {
        if (AutomaticVariables.Contains(name))
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

        switch (variable.Value.Bare())
        {
            case ScriptBlock block:
                Add(block.Ast, OwnerOf(block.Module));
                break;
            case FunctionInfo function:
                Add(function.ScriptBlock.Ast, OwnerOf(function.Module));
                break;
        }
    }

    /// <summary>The module whose variables a function or closure sees, where that is not simply the caller's.</summary>
    private PSModuleInfo? OwnerOf(PSModuleInfo? module) =>
        module is null || module == _caller.SessionState.Module ? null : module;
}
