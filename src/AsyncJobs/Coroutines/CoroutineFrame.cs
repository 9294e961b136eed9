using System.Collections;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>One coroutine's state: its variables, its functions, where its output goes, and what it waits for.</summary>
internal sealed class CoroutineFrame(AsyncSession session, CoroutineControl control) : IStep
{
    // What it runs, or ran last; looked at from another thread while it holds the loop.
    private volatile object? _running;

    // In stack traces its frame bears the module's name for a file.
    private static readonly ScriptBlock CapturedScope = BlockWithin.Of("& $__asyncJobsRun");

    private const string DefaultParameters = "PSDefaultParameterValues";

    // InvokeWithContext takes the variables as a list, and looks for $_ in it.
    private readonly List<PSVariable> _variables = [];
    private Dictionary<string, ScriptBlock>? _functions;
    private HashSet<string>? _shed;
    private int _innerScopes;

    // Made when first needed, as most coroutines need none.
    private Dictionary<string, string>? _aliases;
    private List<PSVariable>? _pending;

    public AsyncSession Session { get; } = session;

    public CoroutineControl Control { get; } = control;

    /// <summary>Its task.</summary>
    public required AsyncTask Task { get; init; }

    /// <summary>Where its script stands, as task groups see it.</summary>
    public GroupContext GroupContext { get; set; }

    string IStep.Subject => $"{Task}";

    string? IStep.Position => _running switch
    {
        ScriptBlock block => Extents.PlaceOf(block.Ast.Extent),
        IScriptPlace place => place.Position,
        _ => null,
    };

    public object?[] Arguments { get; set; } = [];

    /// <summary>The block's <c>$_</c>.</summary>
    public object? Underscore { get; set; }

    /// <summary>The block's <c>$this</c>; null where it has none.</summary>
    public object? This { get; init; }

    /// <summary>Where what is written goes: the task's output, or a value that is being made.</summary>
    public List<object?> Output { get; set; } = [];

    /// <summary>Whether that is a value that is being made.</summary>
    public bool WritesValue { get; set; }

    /// <summary>How many tries with a suspension stand around what runs now.</summary>
    public int GuardDepth { get; set; }

    /// <summary>Whether an error ends more than its statement.</summary>
    public bool IsGuarded => GuardDepth > 0;

    /// <summary>The last error that is known to end more than its statement, though no throw threw it.</summary>
    public RuntimeException? Halting { get; set; }

    /// <summary>Whether the part that ran last came to its end; its last command says so.</summary>
    public bool HasComeToEnd { get; set; }

    /// <summary>What the innermost catch block handles: a bare <c>throw</c> throws it again.</summary>
    public RuntimeException? Handled { get; set; }

    /// <summary>The captured values of variables that the block also assigns with an operator, while they are as captured.</summary>
    public Dictionary<string, object?>? Captured { get; set; }

    /// <summary>The captured variables, where they have a scope of their own around the block's; null where the two are one.</summary>
    public List<PSVariable>? Around { get; set; }

    /// <summary>The block's own aliases.</summary>
    public Dictionary<string, string> Aliases => _aliases ??= new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The functions that could be seen before a segment that may define some.</summary>
    public IReadOnlyList<(string Name, ScriptBlock Body)>? KnownFunctions { get; set; }

    /// <summary>What a cmdlet of the engine takes out of a scope that is about to go.</summary>
    public List<PSVariable> Pending => _pending ??= [];

    /// <summary>What is left for <c>$args</c> when the parameters are bound.</summary>
    public object?[]? BoundArguments { get; set; }

    /// <summary>What the last suspending command asked to wait for.</summary>
    public WaitRequest? Request { get; set; }

    /// <summary>The block's <c>$?</c> between two steps; null where it does not look at it.</summary>
    public PSVariable? Success { get; set; }

    /// <summary>Whether its segments note <c>$_</c> and <c>$args</c>.</summary>
    public bool AssignsAutomatics { get; set; }

    /// <summary>The catch or trap that PowerShell has chosen for it.</summary>
    public CaughtError? Caught { get; set; }

    /// <summary>The request whose outcome is being written by Resume.</summary>
    public WaitRequest? Resuming { get; set; }

    /// <summary>Whether a name is one of those of <c>$_</c>, which is not among the variables.</summary>
    public static bool IsUnderscore(string name) => name is "_" || string.Equals(name, "PSItem", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the engine may do by itself what a statement says; not where a breakpoint may be in it.</summary>
    public bool MayStepDirectly => !Session.Breakpoints.HasBreakpoints;

    /// <summary>Whether the names of our cmdlets in it mean those.</summary>
    public bool MayCallDirectly { get; init; }

    /// <summary>What it runs.</summary>
    public required CoroutineProgram Program { get; init; }

    /// <summary>Whether the engine may await by itself; not where the cmdlet may have been given default parameters.</summary>
    public bool MayAwaitDirectly() => !Session.Breakpoints.AreOnCommands && !TryGetVariable(DefaultParameters, out _)
        && Session.CurrentWaiter?.SessionState.PSVariable.GetValue(DefaultParameters).Bare() is null or IDictionary { Count: 0 };

    /// <summary>Whether the engine may do by itself what one of our commands does.</summary>
    /// <param name="isOwn">Whether its name has only been looked up where the block started.</param>
    public bool MayRunCommand(bool isOwn) => (!isOwn || MayCallDirectly) && MayStepDirectly && MayAwaitDirectly();

    /// <summary>Says where it is, at a wait that runs nothing native.</summary>
    public void StandAt(IScriptPlace place)
    {
        _running = place;
        Session.Loop.Steps.Name(this);
    }

    /// <summary>Looks for Ctrl+C, which PowerShell does in whatever it runs itself.</summary>
    public void ThrowIfStopped()
    {
        if (Session.CurrentWaiter is { IsStopRequested: true })
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Writes what a future wrote, as the cmdlet would that awaits it.</summary>
    public void WriteOutputOf(Future future)
    {
        int from = Output.Count;
        future.AppendOutputTo(Output);
        for (int i = from; i < Output.Count; i++)
        {
            Output[i] = Wrapped(Output[i]);
        }
    }

    /// <summary>Writes what a cmdlet would.</summary>
    public void WriteObject(object? value) => Output.Add(Wrapped(value));

    /// <summary>
    /// What has come out of a native step, as a value inside a script: out of a step it always comes wrapped, and a
    /// script's value is not, unless something has been added to it.
    /// </summary>
    public static object? Unwrapped(object? value) =>
        value is PSObject { BaseObject: var inner and not PSCustomObject } wrapped
        && (inner is not (ValueType or string) || wrapped.Properties.Match("*", PSMemberTypes.NoteProperty).Count == 0)
            ? inner
            : value;

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
        IsUnderscore(name) ? Underscore : TryGetVariable(name, out PSVariable? found) && found is not BlockVariable { IsSet: false } ? found!.Value : null;

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

    /// <summary>Forgets the captured value of a variable that is about to be the block's own.</summary>
    public void Shed(string name)
    {
        if (TryGetVariable(name, out PSVariable? unset) && unset is BlockVariable own)
        {
            // Even in strict mode nothing is read as nothing there.
            own.Allow();
        }

        if (_innerScopes > 0)
        {
            // PowerShell looks a variable up through all scopes there.
        }
        else if (Around is not null)
        {
            // Made where it is not there yet; the capture stays where it is.
            if (!TryGetVariable(name, out _))
            {
                Variable(name);
                (_shed ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(name);
            }
        }
        else if (Captured?.Remove(name, out object? value) == true && Variable(name) is var variable && ReferenceEquals(variable.Value, value))
        {
            variable.Value = null;
        }
    }

    /// <summary>Takes a variable away again that was made by that, and has not been assigned.</summary>
    public void Unshed(string name)
    {
        if (_shed?.Remove(name) == true && TryGetVariable(name, out PSVariable? variable) && variable!.Value is null)
        {
            _variables.Remove(variable);
        }
    }

    public void DefineFunction(string name, ScriptBlock body) =>
        (_functions ??= new Dictionary<string, ScriptBlock>(StringComparer.OrdinalIgnoreCase))[name] = body;

    /// <summary>Runs a native block in this frame's scope.</summary>
    /// <param name="block">The block.</param>
    /// <param name="isTried">Whether a try stands around it, so that its errors come out.</param>
    public void Run(ScriptBlock block, bool isTried)
    {
        if (isTried)
        {
            TriedGround.Run(() => Run(block, isTried: false));
        }
        else if (Around is null)
        {
            RunHere(block);
        }
        else
        {
            Session.Within.Run(CapturedScope, Around, () => RunHere(block));
        }
    }

    private void RunHere(ScriptBlock block)
    {
        (CoroutineFrame? outer, GroupContext outerContext) = (Session.CurrentFrame, Session.GroupContext);
        (Session.CurrentFrame, Session.GroupContext) = (this, GroupContext);
        _running = block;
        Session.Loop.Steps.Name(this);
        _variables.Add(new PSVariable("_", Underscore));
        if (This is not null)
        {
            // PowerShell takes it out of the list.
            _variables.Add(new PSVariable("this", This));
        }

        RuntimeException? leaving = null;
        try
        {
            foreach (PSObject? written in block.InvokeWithContext(_functions, _variables, Arguments))
            {
                Output.Add(WritesValue ? Unwrapped(written) : written);
            }
        }
        catch (RuntimeException error) when (IsSeen(error, out leaving))
        {
            throw;
        }
        finally
        {
            if (leaving is not null)
            {
                // Not before: while it is looked for who catches it, its own frames are still there.
                AwaitedFailure.NoteEndOfStep(leaving);
            }

            _variables.RemoveAll(static variable => variable.Name == "_");
            if (AssignsAutomatics)
            {
                OwnAutomatics.Keep(this);
            }

            (Session.CurrentFrame, Session.GroupContext) = (outer, outerContext);
        }
    }

    // What a cmdlet writes is wrapped, and a script may see whether its value is.
    private static PSObject? Wrapped(object? value) => value is null ? null : PSObject.AsPSObject(value);

    private static bool IsSeen(RuntimeException error, out RuntimeException seen)
    {
        seen = error;
        return false;
    }

    /// <summary>Makes the scope what a segment has left: variables that are new or gone, aliases, functions.</summary>
    public void KeepScope(IReadOnlyList<PSVariable> variables, IReadOnlyList<AliasInfo> aliases, IReadOnlyList<FunctionInfo>? functions)
    {
        _variables.RemoveAll(static variable => !CoroutineUnit.IsTemporary(variable.Name) && variable.Name != "_");
        foreach (PSVariable variable in variables)
        {
            bool isInEachScope = VariableNames.IsAutomatic(variable.Name) || (variable.Options & ScopedItemOptions.AllScope) != 0;
            if (!isInEachScope && !CoroutineUnit.IsTemporary(variable.Name))
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

    /// <summary>Whether an error that has come this far may end its statement and no more; one that throw threw does by some preferences.</summary>
    public bool MayEndStatement(RuntimeException error) => !IsGuarded && !ReferenceEquals(error, Halting)
        && error is not PipelineStoppedException and not ActionPreferenceStopException;

    /// <summary>Has PowerShell report an error that ended a statement, or end more, as the preferences say.</summary>
    /// <param name="report">Does it.</param>
    /// <param name="error">The error.</param>
    /// <param name="isKnown">Whether <c>$Error</c> has it, though perhaps not as the last.</param>
    public void Report(Segment report, RuntimeException error, bool isKnown = false)
    {
        IList? errors = isKnown ? ErrorList.Of(Session.CurrentCommand?.SessionState) : null;
        object? last = errors is { Count: > 0 } ? errors[0] : null;
        try
        {
            Raise(report, error);
        }
        catch (RuntimeException)
        {
            Halting = error;
            throw;
        }

        if (last is not null && errors is [{ } added, ..] && !ReferenceEquals(added, last))
        {
            errors.RemoveAt(0);
        }

        NoteSuccess(false);
    }

    /// <summary>Says how something ended that PowerShell has not run.</summary>
    public void NoteSuccess(bool succeeded)
    {
        if (Success is not null)
        {
            Success.Value = succeeded;
        }
    }

    /// <summary>Has PowerShell choose the clause for an error.</summary>
    /// <exception cref="RuntimeException">There is none: the error itself, or that of a type that cannot be found.</exception>
    public CaughtError Choose(Segment find, RuntimeException error)
    {
        Caught = null;
        Raise(find, error);
        NoteSuccess(false);
        return Caught ?? throw error;
    }

    /// <summary>Throws an error natively, in a segment that says what comes of it.</summary>
    public void Raise(Segment segment, RuntimeException error) => RunWithin(segment, () => throw error);

    /// <summary>Runs an action natively, within a segment that says what comes of its errors.</summary>
    /// <exception cref="StatementEndedException">The segment is a part, and PowerShell has reported an error.</exception>
    public void RunWithin(Segment segment, Action action)
    {
        PSVariable within = Variable(ErrorSegments.ActionName);
        within.Value = new EnumeratedAction(() =>
        {
            action();
            HasComeToEnd = true;
        });
        try
        {
            segment.RunToEnd(this);
        }
        finally
        {
            within.Value = null;
        }
    }

    /// <summary>Enters a scope inside the block's, that of a trap, which assigns the variables that are named.</summary>
    /// <returns>What to leave it with.</returns>
    public Action EnterScope(IReadOnlyCollection<string> assigned)
    {
        Action leave = Around is null ? Hide(assigned) : Nest(Around);
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
        PSVariable[] own = [.. outer.Where(static variable => !CoroutineUnit.IsTemporary(variable.Name))];
        Around = [.. around.Where(captured => !own.Any(variable => string.Equals(variable.Name, captured.Name, StringComparison.OrdinalIgnoreCase))), .. own];
        _variables.RemoveAll(own.Contains);
        return () =>
        {
            Around = around;
            _variables.Clear();
            _variables.AddRange(outer);
        };
    }
}
