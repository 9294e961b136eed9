using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>One coroutine's state: where its output goes, what it runs, and what it waits for.</summary>
internal sealed partial class CoroutineFrame(RunspaceLoop session, CoroutineRun run) : IStep, ISuspendingStep
{
    // What it runs, or ran last; looked at from another thread while it holds the loop.
    private volatile object? _running;
    private List<object?>? _output;
    private StepExchange? _exchange;

    public RunspaceLoop Session { get; } = session;

    public CoroutineRun Coroutine { get; } = run;

    /// <summary>Its task.</summary>
    public AsyncTask Task => Coroutine.Task;

    /// <summary>The one in the middle of whose step its own runs now, or null.</summary>
    public CoroutineFrame? Below { get; private set; }

    IRunningStep? IRunningStep.Below => Below;

    /// <summary>The coroutine whose step runs now in a session, or null.</summary>
    public static CoroutineFrame? CurrentOf(RunspaceLoop session) => (CoroutineFrame?)session.CurrentStep;

    /// <summary>The coroutine whose step runs now in the session of this thread, or null.</summary>
    public static CoroutineFrame? Current => CurrentOf(RunspaceLoop.Current);

    /// <inheritdoc/>
    public bool IsStarting { get; private set; }

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

    /// <summary>The block's <c>$_</c>; <see cref="AutomationNull.Value"/> where there is none, which strict mode makes an error.</summary>
    public object? Underscore { get; set; }

    /// <summary>Whether that is its caller's, as long as it has none of its own.</summary>
    public bool InheritsUnderscore { get; set; }

    /// <summary>Both, for a block in the same scope to be left with: its catch and switch change the <c>$_</c> that is its own.</summary>
    public (object? Value, bool IsInherited) UnderscoreState
    {
        get => (Underscore, InheritsUnderscore);
        set => (Underscore, InheritsUnderscore) = value;
    }

    /// <summary>The block's <c>$this</c>; null where it has none.</summary>
    public object? This { get; init; }

    /// <summary>Where what is written goes: the task's output, or a value that is being made.</summary>
    public List<object?> Output
    {
        get => _output ??= Coroutine.Output;
        set => _output = value;
    }

    /// <summary>Whether that is a value that is being made.</summary>
    public bool WritesValue { get; set; }

    /// <summary>What it and its segments hand each other; made when first needed, as an await needs none with which nothing else is said.</summary>
    public StepExchange Exchange => _exchange ??= new();

    WaitRequest? ISuspendingStep.Request
    {
        get => _exchange?.Request;
        set => Exchange.Request = value;
    }

    /// <summary>Whether what a suspending command writes is handled at once, before the command goes on.</summary>
    public bool TakesOneByOne { get; set; }

    /// <summary>Whether its segments note <c>$_</c> and <c>$args</c>.</summary>
    public bool AssignsAutomatics { get; set; }

    /// <summary>Whether the engine may do by itself what a statement says; not where a breakpoint may be in it.</summary>
    public bool MayStepDirectly => !Session.Breakpoints.HasBreakpoints;

    /// <summary>What it runs.</summary>
    public required CoroutineBlock Block { get; set; }

    public CoroutineProgram Program => Block.Program;

    /// <summary>Whether the engine may await by itself; not where the cmdlet may have been given default parameters.</summary>
    public bool MayAwaitDirectly() =>
        !IsRedirected && !Session.Breakpoints.AreOnCommands && !SeesOfCoroutine(PreferenceVariables.DefaultParameters);

    /// <summary>Whether the engine may do by itself what one of our commands does.</summary>
    /// <param name="isOwn">Whether its name has only been looked up where the block started.</param>
    public bool MayRunCommand(bool isOwn) => (!isOwn || Block.MayCallDirectly) && MayStepDirectly && MayAwaitDirectly();

    /// <summary>Says where it is, at a wait that runs nothing native.</summary>
    public void SetPosition(IScriptPlace place)
    {
        _running = place;
        Session.Loop.Steps.Name(this);
    }

    /// <summary>Looks for Ctrl+C, which PowerShell does in whatever it runs itself.</summary>
    public void ThrowIfStopped()
    {
        if (!Session.Stopped.AreRunning && Session.CurrentWaiter is { IsStopRequested: true })
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>
    /// Where an error that ends a step is a stop of the pipeline: waits until script may run again, so that a finally can.
    /// The stop counts as the coroutine's cancellation, and no other is told to what it runs then.
    /// </summary>
    public async ValueTask LeaveStoppedStepAsync(Exception? error)
    {
        if (error is PipelineStoppedException && !Session.Stopped.AreRunning && Session.CurrentWaiter is { IsInterrupted: true })
        {
            await Session.Stopped.LeaveStepAsync(Task);
            Coroutine.TryTakeCancellation();
        }
    }

    /// <summary>Gives the block a <c>$_</c> of its own for a while.</summary>
    /// <returns>What it is after that.</returns>
    public object? BorrowUnderscore(object? value)
    {
        object? before = InheritsUnderscore || Underscore == AutomationNull.Value ? null : Underscore;
        (Underscore, InheritsUnderscore) = (value, false);
        return before;
    }

    /// <summary>Makes <c>$_</c> what is piped to a call, as its process block begins: nothing is.</summary>
    public void TakeNoInput()
    {
        if (Caller is not null || Enclosing is not null)
        {
            (Underscore, InheritsUnderscore) = (null, false);
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

    /// <summary>What a segment may do where the session is now.</summary>
    public ScopeEffect EffectsHere(ScopeEffect effects) =>
        // In version 1 a string may name what is not there.
        StrictVersion == 1 && !effects.HasFlag(ScopeEffect.NamedVariables) ? EffectsHere(effects | ScopeEffect.NamedVariables)
        : !effects.HasFlag(ScopeEffect.CurrentDrive) ? effects
        : Session.CurrentWaiter?.Cmdlet.SessionState.Path.CurrentLocation.Provider.Name == "FileSystem" ? effects & ~ScopeEffect.CurrentDrive
        : (effects & ~ScopeEffect.CurrentDrive) | ScopeEffect.Items;

    /// <summary>Runs a native block in this frame's scope.</summary>
    /// <param name="block">The block.</param>
    /// <param name="effects">What it may do to the scope.</param>
    public void Run(ScriptBlock block, ScopeEffect effects)
    {
        if (Caller is not null)
        {
            Caller.Run(() => RunHere(block, effects), effects);
        }
        else
        {
            RunInOuter(() => RunHere(block, effects), effects);
        }
    }

    /// <summary>Starts a task whose first step is a part of its own: it runs here and now, as a command in a step would have it run.</summary>
    /// <param name="start">Starts the task.</param>
    public AsyncTask RunFirstStep(Func<AsyncTask> start)
    {
        (CoroutineFrame? outer, GroupContext outerContext) = (CurrentOf(Session), Session.GroupContext);
        (CoroutineFrame? below, bool wasStarting) = (Below, IsStarting);
        (Session.CurrentStep, Session.GroupContext, Below, IsStarting) = (this, GroupContext, outer == this ? below : outer, true);
        try
        {
            return Session.RunFirstStep(start);
        }
        finally
        {
            (Session.CurrentStep, Session.GroupContext, Below, IsStarting) = (outer, outerContext, below, wasStarting);
        }
    }

    // Where it makes a difference, what is captured is further out, in the session state in which the steps look for it.
    private void RunInOuter(Action step, ScopeEffect effects)
    {
        if ((effects & ScopeEffect.Variables) == 0)
        {
            step();
            return;
        }

        void RunWithin() => ScriptFrame.Run(ScriptFrame.Scope, [.. Outer], step);
        PSCmdlet waiter = Session.CurrentWaiter!.Cmdlet;
        if (Preferences is { State: var home } && home.Module != waiter.SessionState.Module)
        {
            SessionStateInvoker.Invoke(waiter.InvokeCommand, home, RunWithin);
        }
        else
        {
            RunWithin();
        }
    }

    private void RunHere(ScriptBlock block, ScopeEffect effects)
    {
        (CoroutineFrame? outer, GroupContext outerContext) = (CurrentOf(Session), Session.GroupContext);
        (Session.CurrentStep, Session.GroupContext) = (this, GroupContext);
        CoroutineFrame? below = Below;
        Below = outer == this ? below : outer;
        _running = block;
        Session.Loop.Steps.Name(this);
        bool isPrepared = effects != ScopeEffect.None || NeedsPreparation;
        List<PSVariable> variables = isPrepared ? VariablesFor(effects) : Variables;
        AddUnderscore(variables);
        AddThis(variables);
        AddPreferences(ref variables);
        if (isPrepared)
        {
            AddScopeActions(variables, effects);
        }

        RuntimeException? leaving = null;
        try
        {
            foreach (PSObject? written in Invoke(block, variables))
            {
                Output.Add(WritesValue ? Unwrapped(written) : written);
            }
        }
        catch (RuntimeException error) when (Caller is null && IsSeen(error, out leaving))
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

            Variables.RemoveAll(static variable => variable.Name == "_");
            if (AssignsAutomatics)
            {
                Underscore = Variable(EngineNames.Underscore).Value;
            }

            (Session.CurrentStep, Session.GroupContext, Below) = (outer, outerContext, below);
        }
    }

    /// <summary>
    /// What its steps have for <c>$_</c>. One that is not there hides that of whoever turns the loop, if there is one, and is
    /// <see cref="AutomationNull.Value"/> else.
    /// </summary>
    public object? UnderscoreOfSteps => Underscore != AutomationNull.Value ? Underscore
        : AssignsAutomatics || VariablesOf(Program.Module).GetValue("_", AutomationNull.Value) != AutomationNull.Value ? null
        : AutomationNull.Value;

    private void AddUnderscore(List<PSVariable> variables)
    {
        object? underscore = UnderscoreOfSteps;
        if (underscore != AutomationNull.Value)
        {
            variables.Add(new PSVariable("_", underscore));
        }
    }

    private void AddThis(List<PSVariable> variables)
    {
        if (This is not null)
        {
            // PowerShell takes it out of the list.
            variables.Add(new PSVariable("this", This));
        }
    }

    // What a cmdlet writes is wrapped, and a script may see whether its value is.
    private static PSObject? Wrapped(object? value) => value is null ? null : PSObject.AsPSObject(value);

    private static bool IsSeen(RuntimeException error, out RuntimeException seen)
    {
        seen = error;
        return false;
    }
}
