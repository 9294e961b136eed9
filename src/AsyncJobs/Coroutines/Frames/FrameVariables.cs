namespace AsyncJobs.Coroutines.Frames;

/// <summary>The variables of a coroutine's scope, which each of its segments is given.</summary>
/// <param name="frame">The coroutine.</param>
internal sealed class FrameVariables(CoroutineFrame frame)
{
    private readonly List<PSVariable> _all = [];

    // How many traps it is in, each with a scope of its own.
    private int _innerScopes;

    /// <summary>All of them, as a segment takes them; this object's own list.</summary>
    public List<PSVariable> All => _all;

    /// <summary>What is further out of the variables that it names; kept where its own may come and go.</summary>
    public IReadOnlyList<PSVariable> Outer { get; private set; } = [];

    /// <summary>The script's variables that have been set, or are seen.</summary>
    public IReadOnlyList<PSVariable> SetOrSeen =>
        _all.FindAll(static variable => !OwnNames.Are(variable.Name) && variable is not BlockVariable { IsSet: false });

    /// <summary>One by its name, made where there is none.</summary>
    public PSVariable this[string name]
    {
        get
        {
            if (TryGet(name, out PSVariable? known))
            {
                return known!;
            }

            var created = new PSVariable(name);
            _all.Add(created);
            return created;
        }
    }

    public bool TryGet(string name, out PSVariable? variable)
    {
        int at = IndexOf(name);
        variable = at < 0 ? null : _all[at];
        return at >= 0;
    }

    /// <summary>Puts a variable into the scope in the place of one of its name.</summary>
    /// <returns>That one.</returns>
    public PSVariable? Define(PSVariable variable)
    {
        PSVariable? before = null;
        if (IndexOf(variable.Name) is >= 0 and var at)
        {
            before = _all[at];
            _all.RemoveAt(at);
        }

        _all.Add(variable);
        return before;
    }

    /// <summary>Makes the variables that it assigns: cheaper than to look for them, and the same to a block that does nothing to its scope but assign.</summary>
    /// <param name="isStrict">Whether what it assigns cannot be read before.</param>
    /// <param name="outer">Those further out that it reads as they are until it assigns them.</param>
    public void DefineAssigned(bool isStrict, IReadOnlyList<PSVariable> outer)
    {
        CoroutineProgram program = frame.Program;
        foreach (string name in program.Names.Assigned)
        {
            Define(program.NewVariable(name, isStrict));
        }

        foreach (PSVariable variable in outer)
        {
            Define(program.NewOuter(variable));
        }

        Outer = program.HasScopeEffects ? outer : [];
    }

    /// <summary>A variable that a function of a module, or of none, sees where it runs or is called: one of this frame or of its callers, as long as these are of the same, or one of the session's.</summary>
    public PSVariable? FindSeen(string name, PSModuleInfo? module)
    {
        for (CoroutineFrame? seen = frame; seen is not null && ReferenceEquals(seen.Program.Module, module); seen = seen.Caller?.Frame)
        {
            if (seen.TryGetVariable(name, out PSVariable? own) && SurroundingVariables.IsSeen(own!))
            {
                return own;
            }
        }

        return SurroundingVariables.Find(frame.VariablesOf(module), name);
    }

    /// <summary>
    /// Finds the variable that what is started in one of its steps takes along, as <see cref="SurroundingVariables.Find"/> would
    /// there: null for none. For frames that have <see cref="FrameSteps.Preferences"/>.
    /// </summary>
    /// <returns>Whether that is certain.</returns>
    public bool TryFindCaptured(string name, out PSVariable? variable)
    {
        if (TryGet(name, out variable))
        {
            return SurroundingVariables.IsSeen(variable!) && !variable!.Options.HasFlag(ScopedItemOptions.AllScope);
        }

        if (frame.Caller is not null)
        {
            return frame.Caller.Frame.Variables.TryFindCaptured(name, out variable);
        }

        variable = SurroundingVariables.Find(frame.VariablesOf(frame.Program.Module), name);
        return true;
    }

    /// <summary>Has those that are not set be read as nothing, or as an error.</summary>
    public void SetStrict(bool isStrict)
    {
        foreach (BlockVariable variable in _all.OfType<BlockVariable>())
        {
            variable.IsStrict = isStrict;
        }
    }

    /// <summary>Makes a variable the block's own, holding nothing, where it is there and is not yet.</summary>
    public void Own(string name)
    {
        if (_innerScopes == 0 && TryGet(name, out PSVariable? variable) && variable is BlockVariable { IsOwn: false })
        {
            variable.Value = null!;
        }
    }

    /// <summary>Has a variable read as nothing where it is not the block's own.</summary>
    public void Shed(string name)
    {
        if (TryGet(name, out PSVariable? variable) && variable is BlockVariable own)
        {
            own.IsShed = _innerScopes == 0;
        }
    }

    /// <summary>Has it read as it is again.</summary>
    public void Unshed(string name)
    {
        if (TryGet(name, out PSVariable? variable) && variable is BlockVariable own)
        {
            own.IsShed = false;
        }
    }

    /// <summary>Takes what a segment has made of the variables that are known by name.</summary>
    /// <param name="find">Finds one in the scope of the segment.</param>
    public void TakeNamed(Func<string, PSVariable?> find)
    {
        foreach (PSVariable variable in _all.FindAll(static known => !OwnNames.Are(known.Name) && known.Name != "_"))
        {
            if (find(variable.Name) is { } found)
            {
                Take(found);
            }
            else if (IsOwn(variable))
            {
                Remove(variable.Name);
            }
        }
    }

    /// <summary>Takes those that are new among all that can be seen from there.</summary>
    /// <param name="variables">All of them.</param>
    /// <param name="isLocal">Whether one is of the scope of the segment.</param>
    public void TakeNew(IEnumerable<PSVariable> variables, Predicate<PSVariable> isLocal)
    {
        foreach (PSVariable variable in variables)
        {
            bool isOfScript = !OwnNames.Are(variable.Name) && !VariableNames.IsAutomatic(variable.Name)
                && !variable.Options.HasFlag(ScopedItemOptions.AllScope);
            if (isOfScript && !_all.Contains(variable) && isLocal(variable))
            {
                Take(variable);
            }
        }
    }

    /// <summary>Those of a segment, as a list of its own: where it makes a difference which are there, only those that are.</summary>
    public List<PSVariable> For(ScopeEffect effects) => (effects & ScopeEffect.Variables) != 0 ? OwnVariables() : [.. _all];

    /// <summary>Enters a scope inside the block's, that of a trap, which assigns the variables that are named.</summary>
    public ScopeExit EnterInner(IReadOnlyCollection<string> assigned)
    {
        CoroutineProgram program = frame.Program;
        bool isStrict = frame.IsStrict;
        (PSVariable[] variables, IReadOnlyList<PSVariable> outer) = ([.. _all], Outer);
        PSVariable[] own = [.. OwnVariables().Where(static variable => !OwnNames.Are(variable.Name))];
        Outer = [.. own, .. outer.ExceptBy(own.Select(static own => own.Name), static outer => outer.Name, StringComparer.OrdinalIgnoreCase)];

        // A dotted block may assign any.
        string[] unseen = [.. program.HasScopeEffects ? _all.Select(static known => known.Name).Where(static name => !OwnNames.Are(name)) : []];
        foreach (string name in assigned.Union(unseen, StringComparer.OrdinalIgnoreCase))
        {
            // Declared with no type, and read as those of the block to begin with.
            PSVariable? known = TryGet(name, out PSVariable? found) && found is not BlockVariable { IsSet: false } ? found : null;
            bool isSet = known is not null || !(isStrict || program.HasScopeEffects);
            Define(new BlockVariable(name, known?.Value, type: null, isSet, known) { IsStrict = isStrict });
        }

        _innerScopes++;
        return new(() =>
        {
            _innerScopes--;
            Outer = outer;
            _all.Clear();
            _all.AddRange(variables);
        });
    }

    /// <summary>Enters a call that runs in this scope, with the variables that it assigns and that are not there yet.</summary>
    /// <param name="call">The call, whose block is the frame's by now.</param>
    public ScopeExit EnterDotted(BoundCall call)
    {
        // Variables of ours are numbered in each program.
        PSVariable[] own = [.. _all.Where(static variable => OwnNames.Are(variable.Name))];
        _all.RemoveAll(own.Contains);
        frame.DefineAutomatics(call.Invocation, cmdlet: null);
        IReadOnlyList<PSVariable> outer = Outer;
        PSVariable[] made = Make(call.Meaning.Inherited);
        PSVariable[] preferences = [.. call.Preferences.Select(Define).OfType<PSVariable>()];
        return new(() =>
        {
            _all.RemoveAll(variable => OwnNames.Are(variable.Name) || call.Preferences.Contains(variable)
                || (made.Contains(variable) && !IsOwn(variable)));
            Outer = outer;
            _all.AddRange([.. own, .. preferences]);
        });
    }

    private PSVariable[] Make(List<PSVariable> inherited)
    {
        CoroutineProgram program = frame.Program;
        bool isStrict = frame.IsStrict;
        string[] names = [.. program.Names.Assigned.Where(name => IndexOf(name) < 0)];
        PSVariable[] outer = [.. inherited.Where(variable => names.Contains(variable.Name, StringComparer.OrdinalIgnoreCase))];
        PSVariable[] made =
        [
            .. names.Except(outer.Select(static variable => variable.Name), StringComparer.OrdinalIgnoreCase)
                .Select(name => program.NewVariable(name, isStrict)),
            .. outer.Select(program.NewOuter),
        ];
        _all.AddRange(made);
        Outer = [.. Outer, .. outer];
        return made;
    }

    private void Take(PSVariable found)
    {
        if (!_all.Contains(found))
        {
            Define(_innerScopes > 0 ? found : frame.Program.Typed(found));
        }
    }

    private void Remove(string name)
    {
        PSVariable? outer = Outer.FirstOrDefault(outer => string.Equals(outer.Name, name, StringComparison.OrdinalIgnoreCase));
        PSVariable? left = outer is not null ? frame.Program.NewOuter(outer)
            : frame.Program.Names.Assigns(name) ? frame.Program.NewVariable(name, frame.IsStrict)
            : null;
        _all.RemoveAt(IndexOf(name));
        if (left is not null)
        {
            _all.Add(left);
        }
    }

    // Those that are there for a look at the scope: not those that it will assign, nor those further out.
    private List<PSVariable> OwnVariables() => _all.FindAll(IsOwn);

    private bool IsOwn(PSVariable variable) => !Outer.Contains(variable)
        && (variable is BlockVariable own ? own.IsOwn : variable.Value is not null || !VariableNames.IsOfLoop(variable.Name));

    // Asked for at every step: a loop, and no delegate.
    private int IndexOf(string name)
    {
        for (int i = 0; i < _all.Count; i++)
        {
            if (string.Equals(_all[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
