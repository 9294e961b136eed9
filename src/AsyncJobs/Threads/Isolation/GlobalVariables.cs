namespace AsyncJobs.Threads.Isolation;

/// <summary>The global variables of a worker's runspace as they should be between tasks, and how to get back there.</summary>
internal sealed class GlobalVariables
{
    private const string Drive = @"variable:\";

    private readonly Dictionary<string, KnownVariable> _variables = new(StringComparer.OrdinalIgnoreCase);
    private bool _isComplete;

    /// <summary>Takes what is there now for what should be.</summary>
    public void Accept(SessionState state)
    {
        _variables.Clear();
        foreach (PSVariable variable in Read(state))
        {
            Accept(variable);
        }

        _isComplete = true;
    }

    /// <summary>Gives a variable another value, to stay until it is given another.</summary>
    public void Set(SessionState state, string name, object? value)
    {
        KnownVariable? was = _variables.GetValueOrDefault(name);
        if (was is null && !_isComplete && state.PSVariable.Get("global:" + name) is { } found)
        {
            Accept(found);
            was = _variables.GetValueOrDefault(name);
        }

        if (Equals(was?.Value, value))
        {
            return;
        }

        if (value is null && was is not null)
        {
            state.PSVariable.Remove(was.Variable);
            _variables.Remove(name);
        }
        else
        {
            state.PSVariable.Set("global:" + name, value);
            Accept(state.PSVariable.Get("global:" + name));
        }
    }

    /// <summary>Removes what has been added and puts old values back.</summary>
    /// <returns>False if a variable is gone or has been replaced.</returns>
    /// <exception cref="SessionStateException">One cannot be changed back.</exception>
    public bool TryRestore(SessionState state)
    {
        int known = 0;
        List<PSVariable>? added = null;
        foreach (PSVariable variable in Read(state))
        {
            if (!_variables.TryGetValue(variable.Name, out KnownVariable? was))
            {
                if (!AutomaticVariables.Are(variable.Name, VariableKind.Changing))
                {
                    (added ??= []).Add(variable);
                }
            }
            else if (ReferenceEquals(was.Variable, variable))
            {
                known++;
                Restore(variable, was.Value, was.Options);
            }
        }

        added?.ForEach(variable => Remove(state, variable));
        return known == _variables.Count;
    }

    private static IEnumerable<PSVariable> Read(SessionState state) =>
        (IEnumerable<PSVariable>)state.InvokeProvider.Item.Get(Drive)[0].BaseObject;

    private static void Restore(PSVariable variable, object? value, ScopedItemOptions options)
    {
        if (variable.Options != options)
        {
            variable.Options = options;
        }

        object? now = variable.Value;
        if (!ReferenceEquals(now, value) && !Equals(now, value))
        {
            variable.Value = value;
        }

        if (now.Unwrap() is DefaultParameterDictionary { Count: > 0 } defaults)
        {
            defaults.Clear();
        }
    }

    private void Remove(SessionState state, PSVariable variable)
    {
        if (variable.Module is not null)
        {
            Accept(variable);
            return;
        }

        if (variable.Options != ScopedItemOptions.None)
        {
            variable.Options = ScopedItemOptions.None;
        }

        state.PSVariable.Remove(variable);
    }

    private void Accept(PSVariable variable)
    {
        if (!AutomaticVariables.Are(variable.Name, VariableKind.Changing))
        {
            _variables[variable.Name] = new(variable, variable.Value, variable.Options);
        }
    }

    private sealed record KnownVariable(PSVariable Variable, object? Value, ScopedItemOptions Options);
}
