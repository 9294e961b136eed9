namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// A module in memory, made by <c>GetNewClosure</c> or <c>New-Module</c>, with its variables and functions as they are now.
/// </summary>
/// <param name="module">The module.</param>
internal sealed class SurrogateModule(PSModuleInfo module) : Surrogate(module)
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<KeyValuePair<string, object?>> _variables = [];
    private IReadOnlyList<FunctionInfo> _functions = [];

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        Need();
        _functions = ModuleInMemory.FunctionsOf(marshaller.Caller, module);
        foreach (FunctionInfo function in _functions)
        {
            AddVariablesOf(marshaller, function.ScriptBlock);
        }
    }

    /// <summary>Takes in the variables that one of its blocks reads.</summary>
    public void AddVariablesOf(Marshaller marshaller, ScriptBlock block)
    {
        foreach (PSVariable variable in marshaller.VariablesOf(module, block))
        {
            if (_names.Add(variable.Name))
            {
                object? held = UnavailableVariable.ValueOf(variable);
                object? value = Marshaller.ObstacleOf(held) is { } obstacle
                    ? new UnavailableVariable(variable.Name, obstacle)
                    : marshaller.Part(this, held);
                _variables.Add(new(variable.Name, value));
            }
        }
    }

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        // As GetNewClosure does it: linked to the session as a whole. The caller's functions and what they read are not
        // there, but in the scope around the task, so the module gets them, too; its own go before them.
        PSModuleInfo copy = arrival.NewModule();
        arrival.Note(this, copy);
        foreach (FunctionInfo function in arrival.Functions.Concat(_functions))
        {
            arrival.Define(copy, function);
        }

        foreach ((string name, object? value) in arrival.Variables.Concat(_variables))
        {
            object? arrived = arrival.Of(value);
            if (arrived is UnavailableVariable variable)
            {
                variable.SetIn(copy.SessionState.PSVariable);
            }
            else
            {
                copy.SessionState.PSVariable.Set(ScriptScope.Without(name), arrived);
            }
        }

        return copy;
    }
}
