using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>
/// One coroutine's state: what it runs, and where it stands. What most do without is in objects of its own, made when first
/// needed.
/// </summary>
/// <param name="session">Where it runs.</param>
/// <param name="run">The run that it is of.</param>
internal sealed class CoroutineFrame(RunspaceLoop session, CoroutineRun run) : IStep, ISuspendingStep
{
    // What it runs, or ran last; looked at from another thread while it holds the loop.
    private volatile object? _running;
    private FrameVariables? _variables;
    private FrameSteps? _steps;
    private FrameCalls? _calls;
    private FrameErrors? _errors;
    private List<object?>? _output;
    private bool _writesValue;
    private bool _startsStrict;

    public RunspaceLoop Session { get; } = session;

    public CoroutineRun Coroutine { get; } = run;

    public FrameVariables Variables => _variables ??= new(this);

    /// <summary>Its functions, aliases, drives and strict mode.</summary>
    public FrameScope Scope => OwnScope ??= new(this);

    /// <summary>The same, where the block has made any of it its own; null as in most.</summary>
    public FrameScope? OwnScope { get; private set; }

    /// <summary>What PowerShell runs for it.</summary>
    public FrameSteps Steps => _steps ??= new(this);

    public FrameCalls Calls => _calls ??= new(this);

    public FrameErrors Errors => _errors ??= new(this);

    /// <summary>What it runs.</summary>
    public required CoroutineBlock Block { get; set; }

    public CoroutineProgram Program => Block.Program;

    /// <summary>Who called the function that this is of; null for the coroutine's own block.</summary>
    public CallerFrame? Caller { get; init; }

    /// <summary>The preferences that held where the coroutine was started; null in the frame of a call, which stands in one that has them.</summary>
    public PreferenceSnapshot? Preferences { get; init; }

    /// <summary>Its task.</summary>
    public AsyncTask Task => Coroutine.Task;

    IRunningStep? IRunningStep.Below => _steps?.Below;

    bool IRunningStep.IsStarting => _steps is { IsStarting: true };

    WaitRequest? ISuspendingStep.Request
    {
        get => _steps?.Request;
        set => Steps.Request = value;
    }

    /// <summary>Whether what its steps write to other streams than the output goes elsewhere.</summary>
    public bool IsRedirected => _steps is { Enclosing.IsRedirection: true } || Caller is { Frame.IsRedirected: true };

    /// <summary>The coroutine whose step runs now in a session, or null.</summary>
    public static CoroutineFrame? CurrentOf(RunspaceLoop session) => (CoroutineFrame?)session.CurrentStep;

    /// <summary>The coroutine whose step runs now in the session of this thread, or null.</summary>
    public static CoroutineFrame? Current => CurrentOf(RunspaceLoop.Current);

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

    /// <summary>Where what it writes goes.</summary>
    public OutputTarget Output
    {
        get => new(_output ?? Coroutine.Output, _writesValue);
        set => (_output, _writesValue) = value;
    }

    /// <summary>What the innermost catch block handles: a bare <c>throw</c> throws it again.</summary>
    public RuntimeException? Handled { get; set; }

    /// <summary>The block's <c>$?</c> between two steps; null where it does not look at it.</summary>
    public PSVariable? Success { get; set; }

    /// <summary>Whether a variable that is not set cannot be read.</summary>
    public bool IsStrict => OwnScope?.StrictVersion is { } version ? version > 0 : _startsStrict;

    /// <summary>Whether what a suspending command writes is handled at once, before the command goes on.</summary>
    public bool TakesOneByOne { get; set; }

    /// <summary>Whether its segments note <c>$_</c> and <c>$args</c>.</summary>
    public bool AssignsAutomatics { get; set; }

    /// <summary>Whether the engine may do by itself what a statement says; not where a breakpoint may be in it.</summary>
    public bool MayStepDirectly => !Session.Breakpoints.HasBreakpoints;

    /// <summary>Whether the engine may await by itself; not where the cmdlet may have been given default parameters.</summary>
    public bool MayAwaitDirectly() =>
        !IsRedirected && !Session.Breakpoints.AreOnCommands && !SeesOfCoroutine(PreferenceVariables.DefaultParameters);

    /// <summary>Whether the engine may do by itself what one of our commands does.</summary>
    /// <param name="isOwn">Whether its name has only been looked up where the block started.</param>
    public bool MayRunCommand(bool isOwn) => (!isOwn || Block.MayCallDirectly) && MayStepDirectly && MayAwaitDirectly();

    /// <summary>Looks once more whether the names of our cmdlets in it mean those.</summary>
    public void LookUpCommands(CommandInvocationIntrinsics commands)
    {
        if (Block.MayCallDirectly && !IntrinsicCommands.AreMeant(commands, Program.IntrinsicCommands))
        {
            Block = Block with { MayCallDirectly = false };
        }
    }

    /// <summary>One of its own variables by its name.</summary>
    public bool TryGetVariable(string name, out PSVariable? variable)
    {
        variable = null;
        return _variables is { } own && own.TryGet(name, out variable);
    }

    /// <summary>What a variable holds, <c>$_</c> too; null where it is not the coroutine's, as where it holds nothing.</summary>
    public object? ValueOf(string name) =>
        VariableNames.IsUnderscore(name) ? Underscore : TryGetVariable(name, out PSVariable? found) && found is not BlockVariable { IsSet: false } ? found!.Value : null;

    /// <summary>The variables that script of a module, or of none, sees.</summary>
    public PSVariableIntrinsics VariablesOf(PSModuleInfo? module) => (module?.SessionState ?? Session.GlobalState ?? Session.CurrentWaiter!.Cmdlet.SessionState).PSVariable;

    /// <summary>Makes the variables that its block assigns.</summary>
    /// <param name="isStrict">Whether a strict mode holds at its start.</param>
    /// <param name="outer">Those further out that it reads as they are until it assigns them.</param>
    public void DefineVariables(bool isStrict, IReadOnlyList<PSVariable> outer)
    {
        _startsStrict = isStrict;
        if (outer.Count > 0 || Program.Names.Assigned.Count > 0)
        {
            Variables.DefineAssigned(isStrict, outer);
        }
    }

    /// <summary>Puts the variables of ours into the scope that its segments set automatic ones from.</summary>
    /// <param name="invocation">Its <c>$MyInvocation</c>.</param>
    /// <param name="cmdlet">Its <c>$PSCmdlet</c>.</param>
    public void DefineAutomatics(InvocationInfo? invocation, object? cmdlet)
    {
        if (Program.SaysWhere)
        {
            Variables.Define(new PSVariable(EngineNames.Invocation, invocation));
        }

        if (Program.UsesCmdlet)
        {
            Variables.Define(new PSVariable(EngineNames.Cmdlet, cmdlet));
        }

        if (Program.UsesSuccess)
        {
            Success = new PSVariable(EngineNames.Success, true);
            Variables.Define(Success);
        }
    }

    /// <summary>Has its segments note what they assign to <c>$_</c> and <c>$args</c>, in variables of ours.</summary>
    public void NoteAssignedAutomatics()
    {
        Variables.Define(new PSVariable(EngineNames.Underscore, Underscore));
        Variables.Define(new PSVariable(EngineNames.Arguments, Arguments));
        AssignsAutomatics = true;
    }

    /// <summary>Says how something ended that PowerShell has not run.</summary>
    public void NoteSuccess(bool succeeded)
    {
        if (Success is not null)
        {
            Success.Value = succeeded;
        }
    }

    /// <summary>Says that it begins a native step.</summary>
    public void SetPosition(ScriptBlock step) => SetRunning(step);

    /// <summary>Says where it is, at a wait that runs nothing native.</summary>
    public void SetPosition(IScriptPlace place) => SetRunning(place);

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

    /// <summary>Has it write elsewhere until the result is disposed of.</summary>
    /// <param name="items">What gets what it writes.</param>
    /// <param name="isValue">Whether that is a value that is being made.</param>
    public OutputScope WriteTo(List<object?> items, bool isValue)
    {
        var scope = new OutputScope(this, Output);
        Output = new OutputTarget(items, isValue);
        return scope;
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
        if (Caller is not null || _steps is { Enclosing: not null })
        {
            (Underscore, InheritsUnderscore) = (null, false);
        }
    }

    private void SetRunning(object running)
    {
        _running = running;
        Session.Loop.Steps.Name(this);
    }

    /// <summary>Whether a variable of that name is one of the coroutine's that it sees.</summary>
    private bool SeesOfCoroutine(string name) => TryGetVariable(name, out _) || Caller?.Frame.SeesOfCoroutine(name) == true;
}
