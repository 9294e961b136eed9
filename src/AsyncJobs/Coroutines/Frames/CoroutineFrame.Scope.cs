namespace AsyncJobs.Coroutines.Frames;

/// <content>Its scope: variables, functions and aliases.</content>
internal sealed partial class CoroutineFrame
{
    // InvokeWithContext takes the variables as a list, and looks for $_ in it.
    private List<PSVariable>? _own;
    private bool _startsStrict;

    // Made when first needed, as most coroutines need none.
    private ScopeItems? _items;

    /// <summary>The block's own aliases.</summary>
    public Dictionary<string, string> Aliases => Items.Aliases ??= new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The block's own drives.</summary>
    public IReadOnlyList<PSDriveInfo> Drives
    {
        get => _items?.Drives ?? [];
        set
        {
            if (_items is not null || value.Count > 0)
            {
                Items.Drives = value;
            }
        }
    }

    /// <summary>The strict mode that the block has set, 0 for none; null where it has not set any.</summary>
    public int? StrictVersion
    {
        get => _items?.StrictVersion;
        set
        {
            if (_items is null && value is null)
            {
                return;
            }

            Items.StrictVersion = value;
            foreach (BlockVariable variable in Variables.OfType<BlockVariable>())
            {
                variable.IsStrict = IsStrict;
            }
        }
    }

    /// <summary>Whether a variable that is not set cannot be read.</summary>
    public bool IsStrict => StrictVersion is { } version ? version > 0 : _startsStrict;

    /// <summary>Whether the scope of each segment has to be given things that PowerShell drops with it.</summary>
    public bool NeedsPreparation => _items?.Aliases is { Count: > 0 } || Drives.Count > 0 || OwnStrictVersion is not null;

    // That of the block, or that which held at its start, where another holds around its steps.
    private int? OwnStrictVersion => StrictVersion
        ?? (Preferences is { } started && started.StrictVersion != PreferencesHere!.StrictVersion ? started.StrictVersion : null);

    /// <summary>The preferences that held where the coroutine was started; null in the frame of a call, which stands in one that has them.</summary>
    public PreferenceSnapshot? Preferences { get; init; }

    private PreferenceScope? PreferencesHere => Preferences is null ? null : Session.Steps!.PreferencesIn(Preferences.State);

    /// <summary>Whether its variables, or those of a caller, may come and go in ways that the text does not show.</summary>
    public bool HasScopeEffects => Program.HasScopeEffects || Caller is { Frame.HasScopeEffects: true };

    /// <summary>
    /// The preferences that hold in its steps, where those are certainly the ones that held where the coroutine was started,
    /// and no more is to be known of its scopes than their variables; null elsewhere.
    /// </summary>
    public PreferenceSnapshot? PreferencesOfSteps => NeedsPreparation || Program.HasScopeEffects || _own?.Exists(static variable => PreferenceVariables.Are(variable.Name)) == true ? null
        : Caller is null ? (Preferences is { } known && ReferenceEquals(known.State.Module, Program.Module) ? known : null)
        : ReferenceEquals(Caller.Frame.Program.Module, Program.Module) ? Caller.Frame.PreferencesOfSteps
        : null;

    private List<PSVariable> Variables => _own ??= [];

    private ScopeItems Items => _items ??= new();

    private Dictionary<string, ScriptBlock>? Functions => _items?.Functions;

    private IReadOnlyList<PSVariable> Outer
    {
        get => _items?.Outer ?? [];
        set
        {
            if (_items is not null || value.Count > 0)
            {
                Items.Outer = value;
            }
        }
    }

    private bool IsInInnerScope => _items is { InnerScopes: > 0 };

    public PSVariable Variable(string name)
    {
        if (TryGetVariable(name, out PSVariable? known))
        {
            return known!;
        }

        var created = new PSVariable(name);
        Variables.Add(created);
        return created;
    }

    public bool TryGetVariable(string name, out PSVariable? variable)
    {
        int at = IndexOf(name);
        variable = at < 0 ? null : Variables[at];
        return at >= 0;
    }

    /// <summary>What a variable holds, <c>$_</c> too; null where it is not the coroutine's, as where it holds nothing.</summary>
    public object? ValueOf(string name) =>
        VariableNames.IsUnderscore(name) ? Underscore : TryGetVariable(name, out PSVariable? found) && found is not BlockVariable { IsSet: false } ? found!.Value : null;

    // Asked for at every step: a loop, and no delegate.
    private int IndexOf(string name)
    {
        for (int i = 0; i < _own?.Count; i++)
        {
            if (string.Equals(_own[i].Name, name, StringComparison.OrdinalIgnoreCase))
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
            Variables.RemoveAt(at);
        }

        Variables.Add(variable);
    }

    /// <summary>Makes a variable the block's own, holding nothing, where it is there and is not yet.</summary>
    public void Own(string name)
    {
        if (!IsInInnerScope && TryGetVariable(name, out PSVariable? variable) && variable is BlockVariable { IsOwn: false })
        {
            variable.Value = null!;
        }
    }

    /// <summary>Has a variable read as nothing where it is not the block's own.</summary>
    public void Shed(string name)
    {
        if (TryGetVariable(name, out PSVariable? variable) && variable is BlockVariable own)
        {
            own.IsShed = !IsInInnerScope;
        }
    }

    /// <summary>Has it read as it is again.</summary>
    public void Unshed(string name)
    {
        if (TryGetVariable(name, out PSVariable? variable) && variable is BlockVariable own)
        {
            own.IsShed = false;
        }
    }

    /// <summary>Puts the variables of ours into the scope that its segments set automatic ones from.</summary>
    /// <param name="invocation">Its <c>$MyInvocation</c>.</param>
    /// <param name="cmdlet">Its <c>$PSCmdlet</c>.</param>
    public void DefineAutomatics(InvocationInfo? invocation, object? cmdlet)
    {
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
    /// <param name="outer">Those further out that it reads as they are until it assigns them.</param>
    public void DefineVariables(bool isStrict, IReadOnlyList<PSVariable> outer)
    {
        foreach (string name in Program.Names.Assigned)
        {
            Define(Program.NewVariable(name, isStrict));
        }

        _startsStrict = isStrict;
        foreach (PSVariable variable in outer)
        {
            Define(Program.NewOuter(variable));
        }

        Outer = Program.HasScopeEffects ? outer : [];
    }

    /// <summary>The script's variables that have been set, or are seen.</summary>
    public IReadOnlyList<PSVariable> SetVariables =>
        Variables.FindAll(static variable => !CompilationUnit.IsTemporary(variable.Name) && variable is not BlockVariable { IsSet: false });

    /// <summary>Takes over the functions, aliases, strict mode and drives of a scope that is to be around this one.</summary>
    public void TakeScope(CoroutineFrame outer)
    {
        if (outer._items is { } items)
        {
            (Items.Functions, Items.Aliases, StrictVersion, Drives) = (items.Functions, items.Aliases, items.StrictVersion, items.Drives);
        }
    }

    // Those of a dotted block that are not there yet.
    private PSVariable[] MakeVariables(List<PSVariable> inherited)
    {
        string[] names = [.. Program.Names.Assigned.Where(name => IndexOf(name) < 0)];
        PSVariable[] outer = [.. inherited.Where(variable => names.Contains(variable.Name, StringComparer.OrdinalIgnoreCase))];
        PSVariable[] made =
        [
            .. names.Except(outer.Select(static variable => variable.Name), StringComparer.OrdinalIgnoreCase)
                .Select(name => Program.NewVariable(name, IsStrict)),
            .. outer.Select(Program.NewOuter),
        ];
        Variables.AddRange(made);
        Outer = [.. Outer, .. outer];
        return made;
    }

    public void DefineFunction(string name, ScriptBlock body) =>
        (Items.Functions ??= new Dictionary<string, ScriptBlock>(StringComparer.OrdinalIgnoreCase))[name] = body;

    /// <summary>Removes a function of the block's own, if there is one of that name.</summary>
    public void RemoveFunction(string name) => Functions?.Remove(name);

    /// <summary>Looks once more whether the names of our cmdlets in it mean those.</summary>
    public void LookUpCommands(CommandInvocationIntrinsics commands)
    {
        if (Block.MayCallDirectly && !OwnCommands.AreMeant(commands, Program.OwnCommands))
        {
            Block = Block with { MayCallDirectly = false };
        }
    }

    /// <summary>Takes what a segment has made of the variables that are known by name.</summary>
    /// <param name="find">Finds one in the scope of the segment.</param>
    public void TakeVariables(Func<string, PSVariable?> find)
    {
        foreach (PSVariable variable in Variables.FindAll(static known => !CompilationUnit.IsTemporary(known.Name) && known.Name != "_"))
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
    public void TakeVariables(IEnumerable<PSVariable> variables, Predicate<PSVariable> isLocal)
    {
        foreach (PSVariable variable in variables)
        {
            bool isOfScript = !CompilationUnit.IsTemporary(variable.Name) && !VariableNames.IsAutomatic(variable.Name)
                && !variable.Options.HasFlag(ScopedItemOptions.AllScope);
            if (isOfScript && !Variables.Contains(variable) && isLocal(variable))
            {
                Take(variable);
            }
        }
    }

    /// <summary>Adds the preferences that held at the start, where others hold now. The list may be that of the frame.</summary>
    private void AddPreferences(ref List<PSVariable> variables)
    {
        if (PreferencesHere is { } here && Preferences!.DiffersFrom(here))
        {
            variables = [.. variables, .. Preferences.DifferencesFrom(here).Where(variable => IndexOf(variable.Name) < 0)];
        }
    }

    /// <summary>Adds what gives a scope the block's aliases, strict mode and drives, and takes stock of it behind a segment.</summary>
    private void AddScopeActions(List<PSVariable> variables, ScopeEffect effects)
    {
        ScopeSnapshot? before = null;
        variables.Add(new PSVariable(EngineNames.EnterScope, new ActionEnumerator(() => before = EnterScope(effects))));
        variables.Add(new PSVariable(EngineNames.LeaveScope, new ActionEnumerator(() => before?.Compare())));
    }

    private ScopeSnapshot? EnterScope(ScopeEffect effects)
    {
        var engine = (EngineIntrinsics)Session.CurrentWaiter!.Cmdlet.SessionState.PSVariable.GetValue("ExecutionContext");
        foreach ((string name, string definition) in _items?.Aliases ?? [])
        {
            engine.InvokeProvider.Item.Set("Alias:" + WildcardPattern.Escape(name), definition);
        }

        foreach (PSDriveInfo drive in Drives)
        {
            engine.SessionState.Drive.New(drive, "0");
        }

        if (OwnStrictVersion is { } version)
        {
            StrictMode.Set(engine.InvokeCommand, version);
        }

        return effects == ScopeEffect.None ? null : new ScopeSnapshot(this, effects, engine);
    }

    private void Take(PSVariable found)
    {
        if (!Variables.Contains(found))
        {
            Define(IsInInnerScope ? found : Program.Typed(found));
        }
    }

    private void Remove(string name)
    {
        PSVariable? outer = Outer.FirstOrDefault(outer => string.Equals(outer.Name, name, StringComparison.OrdinalIgnoreCase));
        PSVariable? left = outer is not null ? Program.NewOuter(outer)
            : Program.Names.Assigns(name) ? Program.NewVariable(name, IsStrict)
            : null;
        Variables.RemoveAt(IndexOf(name));
        if (left is not null)
        {
            Variables.Add(left);
        }
    }

    // Where it makes a difference which are there, only those that are.
    private List<PSVariable> VariablesFor(ScopeEffect effects) => (effects & ScopeEffect.Variables) != 0 ? OwnVariables() : [.. Variables];

    /// <summary>The variables that are there for a look at the scope: not those that it will assign, nor those further out.</summary>
    private List<PSVariable> OwnVariables() => Variables.FindAll(IsOwn);

    private bool IsOwn(PSVariable variable) => !Outer.Contains(variable)
        && (variable is BlockVariable own ? own.IsOwn : variable.Value is not null || !VariableNames.IsOfLoop(variable.Name));

    /// <summary>Enters a scope inside the block's, that of a trap, which assigns the variables that are named.</summary>
    /// <returns>What to leave it with.</returns>
    public Action EnterScope(IReadOnlyCollection<string> assigned)
    {
        (PSVariable[] variables, IReadOnlyList<PSVariable> outer) = ([.. Variables], Outer);
        (Dictionary<string, string>? aliases, int? strictVersion, IReadOnlyList<PSDriveInfo> drives) = (Items.Aliases, StrictVersion, Drives);
        Items.Aliases = aliases is null ? null : new(aliases, StringComparer.OrdinalIgnoreCase);
        PSVariable[] own = [.. OwnVariables().Where(static variable => !CompilationUnit.IsTemporary(variable.Name))];
        Outer = [.. own, .. outer.ExceptBy(own.Select(static own => own.Name), static outer => outer.Name, StringComparer.OrdinalIgnoreCase)];

        // A dotted block may assign any.
        string[] unseen = [.. Program.HasScopeEffects ? Variables.Select(static known => known.Name).Where(static name => !CompilationUnit.IsTemporary(name)) : []];
        foreach (string name in assigned.Union(unseen, StringComparer.OrdinalIgnoreCase))
        {
            // Declared with no type, and read as those of the block to begin with.
            PSVariable? known = TryGetVariable(name, out PSVariable? found) && found is not BlockVariable { IsSet: false } ? found : null;
            bool isSet = known is not null || !(IsStrict || Program.HasScopeEffects);
            Define(new BlockVariable(name, known?.Value, type: null, isSet, known) { IsStrict = IsStrict });
        }

        Items.InnerScopes++;
        return () =>
        {
            Items.InnerScopes--;
            Outer = outer;
            Variables.Clear();
            Variables.AddRange(variables);
            (Items.Aliases, StrictVersion, Drives) = (aliases, strictVersion, drives);
        };
    }
}
