using System.Management.Automation;

namespace AsyncJobs.Coroutines.Frames;

/// <content>Its scope: variables, functions and aliases.</content>
internal sealed partial class CoroutineFrame
{
    // InvokeWithContext takes the variables as a list, and looks for $_ in it.
    private readonly List<PSVariable> _variables = [];
    private Dictionary<string, ScriptBlock>? _functions;
    private HashSet<string>? _shed;
    private int _innerScopes;

    // Made when first needed, as most coroutines need none.
    private Dictionary<string, string>? _aliases;
    private List<PSVariable>? _pending;

    /// <summary>The captured variables, where they have a scope of their own around the block's; null where the two are one.</summary>
    public List<PSVariable>? CaptureScope { get; set; }

    /// <summary>The block's own aliases.</summary>
    public Dictionary<string, string> Aliases => _aliases ??= new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The functions that could be seen before a segment that may define some.</summary>
    public IReadOnlyList<(string Name, ScriptBlock Body)>? KnownFunctions { get; set; }

    /// <summary>What a cmdlet of the engine takes out of a scope that is about to go.</summary>
    public List<PSVariable> Pending => _pending ??= [];

    /// <summary>What is left for <c>$args</c> when the parameters are bound.</summary>
    public object?[]? BoundArguments { get; set; }

    public PSVariable Variable(string name)
    {
        if (TryGetVariable(name, out PSVariable? known))
        {
            return known!;
        }

        var created = new PSVariable(name);
        _variables.Add(created);
        return created;
    }

    public bool TryGetVariable(string name, out PSVariable? variable)
    {
        int at = IndexOf(name);
        variable = at < 0 ? null : _variables[at];
        return at >= 0;
    }

    /// <summary>What a variable holds, <c>$_</c> too; null where it is not the coroutine's, as where it holds nothing.</summary>
    public object? ValueOf(string name) =>
        VariableNames.IsUnderscore(name) ? Underscore : TryGetVariable(name, out PSVariable? found) && found is not BlockVariable { IsSet: false } ? found!.Value : null;

    // Asked for at every step: a loop, and no delegate.
    private int IndexOf(string name)
    {
        for (int i = 0; i < _variables.Count; i++)
        {
            if (string.Equals(_variables[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Puts a variable into the scope in the place of one of its name.</summary>
    public void Define(PSVariable variable)
    {
        if (IndexOf(variable.Name) is >= 0 and var at)
        {
            _variables.RemoveAt(at);
        }

        _variables.Add(variable);
    }

    /// <summary>Makes a variable the block's own, holding nothing, where it is there and is not yet.</summary>
    public void Own(string name)
    {
        if (_innerScopes == 0 && TryGetVariable(name, out PSVariable? variable) && variable is BlockVariable { IsOwn: false })
        {
            variable.Value = null!;
        }
    }

    /// <summary>Has a variable read as nothing where it is not the block's own.</summary>
    public void Shed(string name)
    {
        bool isThere = TryGetVariable(name, out PSVariable? variable);
        if (variable is BlockVariable own)
        {
            own.IsShed = _innerScopes == 0;
        }

        // Among the variables of a trap PowerShell looks one up through all scopes.
        if (Program.KeepsScope && !isThere && _innerScopes == 0)
        {
            Variable(name);
            (_shed ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(name);
        }
    }

    /// <summary>Has it read as it is again.</summary>
    public void Unshed(string name)
    {
        if (!TryGetVariable(name, out PSVariable? variable))
        {
            return;
        }

        if (variable is BlockVariable own)
        {
            own.IsShed = false;
        }

        if (_shed?.Remove(name) == true && variable!.Value is null)
        {
            _variables.Remove(variable);
        }
    }

    /// <summary>Puts the variables of ours into the scope that its segments set automatic ones from.</summary>
    /// <param name="invocation">Its <c>$MyInvocation</c>.</param>
    /// <param name="cmdlet">Its <c>$PSCmdlet</c>.</param>
    public void DefineAutomatics(InvocationInfo? invocation, object? cmdlet)
    {
        if (Program.KeepsScope)
        {
            Define(new PSVariable(EngineNames.StrictMode));
        }

        if (Program.SaysWhere)
        {
            Define(new PSVariable(EngineNames.Invocation, invocation));
        }

        if (Program.UsesCmdlet)
        {
            Define(new PSVariable(EngineNames.Cmdlet, cmdlet));
        }

        if (Program.UsesSuccess)
        {
            Success = new PSVariable(EngineNames.Success, true);
            Define(Success);
        }
    }

    /// <summary>Defines the variables in which its segments note what it assigns to <c>$_</c> and <c>$args</c>.</summary>
    public void DefineAssignedAutomatics()
    {
        Define(new PSVariable(EngineNames.Underscore, Underscore));
        Define(new PSVariable(EngineNames.Arguments, Arguments));
        AssignsAutomatics = true;
    }

    /// <summary>Makes the variables that it assigns: cheaper than to look for them, and the same to a block that does nothing to its scope but assign.</summary>
    /// <param name="isStrict">Whether what it assigns cannot be read before.</param>
    public void DefineVariables(bool isStrict)
    {
        foreach (string name in Program.Names.Assigned)
        {
            Define(Program.NewVariable(name, isSet: !isStrict || VariableNames.IsOfLoop(name)));
        }
    }

    public void DefineFunction(string name, ScriptBlock body) =>
        (_functions ??= new Dictionary<string, ScriptBlock>(StringComparer.OrdinalIgnoreCase))[name] = body;

    /// <summary>Makes the scope what a segment has left: variables that are new or gone, aliases, functions.</summary>
    public void KeepScope(IReadOnlyList<PSVariable> variables, IReadOnlyList<AliasInfo> aliases, IReadOnlyList<FunctionInfo>? functions)
    {
        _variables.RemoveAll(static variable => !CompilationUnit.IsTemporary(variable.Name) && variable.Name != "_");
        foreach (PSVariable variable in variables)
        {
            bool isInEachScope = VariableNames.IsAutomatic(variable.Name) || (variable.Options & ScopedItemOptions.AllScope) != 0;
            if (!isInEachScope && !CompilationUnit.IsTemporary(variable.Name))
            {
                _variables.Add(_innerScopes > 0 ? variable : Program.Typed(variable));
            }
        }

        Aliases.Clear();
        foreach (AliasInfo alias in aliases.Where(static alias => (alias.Options & ScopedItemOptions.AllScope) == 0))
        {
            Aliases[alias.Name] = alias.Definition;
        }

        if (functions is not null)
        {
            string[] removed = [.. (_functions?.Keys ?? Enumerable.Empty<string>()).Where(name => !functions.Any(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase)))];
            Array.ForEach(removed, name => _functions!.Remove(name));
        }

        foreach (FunctionInfo function in functions ?? [])
        {
            if (KnownFunctions?.Any(known => known.Name == function.Name && ReferenceEquals(known.Body, function.ScriptBlock)) == false)
            {
                DefineFunction(function.Name, function.ScriptBlock);
            }
        }
    }

    /// <summary>Enters a scope inside the block's, that of a trap, which assigns the variables that are named.</summary>
    /// <returns>What to leave it with.</returns>
    public Action EnterScope(IReadOnlyCollection<string> assigned)
    {
        Action leave = Program.KeepsScope ? Nest(CaptureScope ?? []) : Hide(assigned);
        _innerScopes++;
        return () =>
        {
            _innerScopes--;
            leave();
        };
    }

    // Variables of their own over some of the block's, which have the values of those to begin with.
    private Action Hide(IReadOnlyCollection<string> names)
    {
        PSVariable[] hidden = [.. names.Select(name => TryGetVariable(name, out PSVariable? known) ? known! : new PSVariable(name))];
        foreach (PSVariable variable in hidden)
        {
            Define(variable is BlockVariable own ? own.Untyped() : new PSVariable(variable.Name, variable.Value));
        }

        return () => Array.ForEach(hidden, Define);
    }

    // Where stock is taken of the scope, the block's variables can be the scope around: what is assigned there comes then.
    private Action Nest(List<PSVariable> around)
    {
        PSVariable[] outer = [.. _variables];
        PSVariable[] own = [.. outer.Where(static variable => !CompilationUnit.IsTemporary(variable.Name))];
        CaptureScope = [.. around.Where(captured => !own.Any(variable => string.Equals(variable.Name, captured.Name, StringComparison.OrdinalIgnoreCase))), .. own];
        _variables.RemoveAll(own.Contains);
        return () =>
        {
            CaptureScope = around;
            _variables.Clear();
            _variables.AddRange(outer);
        };
    }
}
