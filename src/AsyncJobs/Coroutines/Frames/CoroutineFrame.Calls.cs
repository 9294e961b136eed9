namespace AsyncJobs.Coroutines.Frames;

/// <content>The functions and blocks that it calls and that run as a part of the coroutine, each with a frame of its own, if it is not dotted.</content>
internal sealed partial class CoroutineFrame
{
    /// <summary>Who called the function that this is of; null for the coroutine's own block.</summary>
    public CallerFrame? Caller { get; init; }

    /// <summary>What a name stands for now, if that is a function that awaits: it, and its own name.</summary>
    public (ScriptBlock Function, string Name)? FindFunction(string name)
    {
        string meant = _items?.Aliases?.GetValueOrDefault(name) ?? name;
        FunctionInfo? called = Block.Called?.GetValueOrDefault(meant);
        string known = called?.Name ?? meant;
        return (Functions?.GetValueOrDefault(known) ?? called?.ScriptBlock) is { } function ? (function, known) : null;
    }

    /// <summary>Has PowerShell bind a call.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="isDotted">Whether it runs in this scope.</param>
    /// <param name="call">The call, where a block that takes what is bound stands in its place.</param>
    /// <returns>Null where something else has been called.</returns>
    /// <exception cref="RuntimeException">It cannot be bound.</exception>
    public BoundCall? Bind(ScriptBlock function, bool isDotted, ISegment call)
    {
        Exchange.Calling = (function, isDotted);
        try
        {
            call.Run(this);
            return Exchange.Bound;
        }
        finally
        {
            (Exchange.Calling, Exchange.Bound) = (default, null);
        }
    }

    /// <summary>Has a function stand for another for a while.</summary>
    /// <returns>What to end that with.</returns>
    public Action Replace(string function, ScriptBlock by)
    {
        ScriptBlock? own = Functions?.GetValueOrDefault(function);
        DefineFunction(function, by);
        return () =>
        {
            if (own is null)
            {
                RemoveFunction(function);
            }
            else
            {
                DefineFunction(function, own);
            }
        };
    }

    /// <summary>Makes it that of a call which runs in its scope.</summary>
    /// <param name="call">The call.</param>
    /// <param name="place">Where that stands.</param>
    /// <returns>What to leave it with.</returns>
    public Action Enter(BoundCall call, IEnclosingPlace place)
    {
        (CoroutineBlock, object?[]) outer = (Block, Arguments);
        (object?, bool, bool, PSVariable?, EnclosingFrame?) state = (Underscore, InheritsUnderscore, AssignsAutomatics, Success, Enclosing);

        // Variables of ours are numbered in each program.
        PSVariable[] own = [.. Variables.Where(static variable => CompilationUnit.IsTemporary(variable.Name))];
        Variables.RemoveAll(own.Contains);
        (Block, Arguments, AssignsAutomatics) = (call.Meaning.Block, call.Arguments, false);
        Enclosing = new EnclosingFrame(place, Enclosing);
        DefineAutomatics(call.Invocation, cmdlet: null);
        IReadOnlyList<PSVariable> outerVariables = Outer;
        PSVariable[] made = MakeVariables(call.Meaning.Inherited);
        PSVariable[] preferences = [.. call.Preferences.Select(Substitute).OfType<PSVariable>()];
        return () =>
        {
            Variables.RemoveAll(variable => CompilationUnit.IsTemporary(variable.Name) || call.Preferences.Contains(variable)
                || (made.Contains(variable) && !IsOwn(variable)));
            Outer = outerVariables;
            Variables.AddRange([.. own, .. preferences]);
            (Block, Arguments) = outer;
            (Underscore, InheritsUnderscore, AssignsAutomatics, Success, Enclosing) = state;
        };
    }

    /// <summary>Enters a block in the same scope that is given nothing: its <c>$args</c>, and the <c>$_</c> that it assigns, are its own.</summary>
    /// <returns>What to leave it with.</returns>
    public Action EnterBlock()
    {
        ((object? underscore, bool inherits), object?[] arguments) = (UnderscoreState, Arguments);
        object? noted = AssignsAutomatics ? Variable(EngineNames.Arguments).Value : null;
        Give([], Array.Empty<object?>(), underscore);
        return () =>
        {
            Give(arguments, noted, underscore);
            InheritsUnderscore = inherits;
        };

        void Give(object?[] own, object? assigned, object? item)
        {
            (Arguments, Underscore) = (own, item);
            if (AssignsAutomatics)
            {
                Variable(EngineNames.Arguments).Value = assigned;
                Variable(EngineNames.Underscore).Value = item;
            }
        }
    }

    // Puts a variable in the place of one of its name, which is given back.
    private PSVariable? Substitute(PSVariable variable)
    {
        TryGetVariable(variable.Name, out PSVariable? own);
        Define(variable);
        return own;
    }

    /// <summary>Runs a step of a function that it calls inside a frame like its own.</summary>
    /// <param name="place">The call.</param>
    /// <param name="step">The step.</param>
    /// <param name="effects">What the step may do to its scope, which is the caller's in part.</param>
    public void RunAround(IEnclosingPlace place, Action step, ScopeEffect effects)
    {
        if (Caller is not null)
        {
            Caller.Run(() => RunPlace(place, step, effects), effects);
            return;
        }

        RuntimeException? leaving = null;
        try
        {
            RunInOuter(() => RunPlace(place, step, effects), effects);
        }
        catch (RuntimeException error) when (IsSeen(error, out leaving))
        {
            throw;
        }
        finally
        {
            if (leaving is not null)
            {
                AwaitedFailure.NoteEndOfStep(leaving);
            }
        }
    }

    private void RunPlace(IEnclosingPlace place, Action step, ScopeEffect effects)
    {
        (CoroutineFrame? outer, CoroutineFrame? below) = (CurrentOf(Session), Below);
        (Session.CurrentStep, Below) = (this, outer == this ? below : outer);

        // Without its $_: the function has one, and PowerShell would look further out for one that holds nothing.
        List<PSVariable> variables = VariablesFor(effects);
        AddThis(variables);
        AddPreferences(ref variables);
        if (NeedsPreparation)
        {
            AddScopeActions(variables, ScopeEffect.None);
        }

        try
        {
            RunEnclosed(() => place.Run(this, variables, Functions ?? ScriptFrame.NoFunctions, step));
        }
        finally
        {
            (Session.CurrentStep, Below) = (outer, below);
        }
    }

    /// <summary>Whether a function of one of these names is its own, or a caller's.</summary>
    public bool HasFunctionOf(IEnumerable<string> names) =>
        (Functions is { Count: > 0 } own && names.Any(own.ContainsKey)) || Caller?.Frame.HasFunctionOf(names) == true;

    /// <summary>Whether its scope, or a caller's, has what a native step is needed to see: aliases, drives, a strict mode.</summary>
    public bool HasPreparedScope => NeedsPreparation || Caller?.Frame.HasPreparedScope == true;

    /// <summary>A variable that a function of a module, or of none, sees where it runs or is called: one of this frame or of its callers, as long as these are of the same, or one of the session's.</summary>
    public PSVariable? SeenVariable(string name, PSModuleInfo? module)
    {
        for (CoroutineFrame? frame = this; frame is not null && ReferenceEquals(frame.Program.Module, module); frame = frame.Caller?.Frame)
        {
            if (frame.TryGetVariable(name, out PSVariable? own) && SurroundingVariables.IsSeen(own!))
            {
                return own;
            }
        }

        return SurroundingVariables.Find(VariablesOf(module), name);
    }

    /// <summary>
    /// Finds the variable that what is started in one of its steps takes along, as <see cref="SurroundingVariables.Find"/> would
    /// there: null for none. For frames that have <see cref="PreferencesOfSteps"/>.
    /// </summary>
    /// <returns>Whether that is certain.</returns>
    public bool TryFindVariable(string name, out PSVariable? variable)
    {
        if (TryGetVariable(name, out variable))
        {
            return SurroundingVariables.IsSeen(variable!) && !variable!.Options.HasFlag(ScopedItemOptions.AllScope);
        }

        if (Caller is not null)
        {
            return Caller.Frame.TryFindVariable(name, out variable);
        }

        variable = SurroundingVariables.Find(VariablesOf(Program.Module), name);
        return true;
    }

    private PSVariableIntrinsics VariablesOf(PSModuleInfo? module) => (module?.SessionState ?? Session.GlobalState ?? Session.CurrentWaiter!.Cmdlet.SessionState).PSVariable;

    /// <summary>Whether a variable of that name is one of the coroutine's that it sees.</summary>
    private bool SeesOfCoroutine(string name) => TryGetVariable(name, out _) || Caller?.Frame.SeesOfCoroutine(name) == true;
}
