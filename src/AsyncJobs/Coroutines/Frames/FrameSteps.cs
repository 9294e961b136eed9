using System.Collections.ObjectModel;
using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>How PowerShell runs a coroutine's native steps: in its scope, and within the script frames that stand for its callers and pipelines.</summary>
/// <param name="frame">The coroutine.</param>
internal sealed class FrameSteps(CoroutineFrame frame)
{
    /// <summary>The coroutine in the middle of whose step its own runs now, or null.</summary>
    public CoroutineFrame? Below { get; private set; }

    /// <inheritdoc cref="IRunningStep.IsStarting"/>
    public bool IsStarting { get; private set; }

    /// <summary>The pipelines, innermost first, whose blocks run now as a part of the coroutine.</summary>
    public EnclosingFrame? Enclosing { get; set; }

    /// <summary>What the last suspending command asked to wait for.</summary>
    public WaitRequest? Request { get; set; }

    /// <summary>The request whose outcome is being written by Resume.</summary>
    public WaitRequest? Resuming { get; set; }

    /// <summary>Whether its scope, or a caller's, has what a native step is needed to see: aliases, drives, a strict mode.</summary>
    public bool ArePrepared => NeedsPreparation || frame.Caller?.Frame.Steps.ArePrepared == true;

    /// <summary>Whether its variables, or those of a caller, may come and go in ways that the text does not show.</summary>
    public bool HaveScopeEffects => frame.Program.HasScopeEffects || frame.Caller is { Frame.Steps.HaveScopeEffects: true };

    /// <summary>
    /// The preferences that hold in its steps, where those are certainly the ones that held where the coroutine was started,
    /// and no more is to be known of its scopes than their variables; null elsewhere.
    /// </summary>
    public PreferenceSnapshot? Preferences =>
        NeedsPreparation || frame.Program.HasScopeEffects || frame.Variables.All.Exists(static variable => PreferenceVariables.Are(variable.Name)) ? null
        : frame.Caller is not { Frame: var caller } ? (frame.Preferences is { } known && ReferenceEquals(known.State.Module, frame.Program.Module) ? known : null)
        : ReferenceEquals(caller.Program.Module, frame.Program.Module) ? caller.Steps.Preferences
        : null;

    /// <summary>
    /// What they have for <c>$_</c>. One that is not there hides that of whoever turns the loop, if there is one, and is
    /// <see cref="AutomationNull.Value"/> else.
    /// </summary>
    public object? Underscore => frame.Underscore != AutomationNull.Value ? frame.Underscore
        : frame.AssignsAutomatics || frame.VariablesOf(frame.Program.Module).GetValue("_", AutomationNull.Value) != AutomationNull.Value ? null
        : AutomationNull.Value;

    // Whether the scope of each has to be given things that PowerShell drops with it.
    private bool NeedsPreparation => frame.OwnScope is { IsToBeMade: true } || OwnStrictVersion is not null;

    // Whether what its scope needs can be made once for many steps. No pipeline that has been stopped runs script again.
    private bool CanLast => frame.Caller is null && !frame.Program.NamesFurtherScopes && !frame.Session.Stopped.AreRunning
        && frame.Session.CurrentWaiter is { IsInterrupted: false, Cmdlet.SessionState.Module: var module } && ReferenceEquals(module, frame.Program.Module);

    // That of the block, or that which held at its start, where another holds around its steps.
    private int? OwnStrictVersion => frame.OwnScope?.StrictVersion
        ?? (frame.Preferences is { } started && started.StrictVersion != PreferencesHere!.StrictVersion ? started.StrictVersion : null);

    private PreferenceScope? PreferencesHere => frame.Preferences is { } started ? frame.Session.Steps!.PreferencesIn(started.State) : null;

    /// <summary>What a segment may do where the session is now.</summary>
    /// <param name="effects">What it may do anywhere.</param>
    /// <param name="namesInStrings">Whether strings in it name variables: in version 1 they may name what is not there.</param>
    public ScopeEffect EffectsHere(ScopeEffect effects, bool namesInStrings) =>
        namesInStrings && frame.OwnScope?.StrictVersion == 1 && !effects.HasFlag(ScopeEffect.NamedVariables)
            ? EffectsHere(effects | ScopeEffect.NamedVariables, namesInStrings: false)
        : !effects.HasFlag(ScopeEffect.CurrentDrive) ? effects
        : frame.Session.CurrentWaiter?.Cmdlet.SessionState.Path.CurrentLocation.Provider.Name == "FileSystem" ? effects & ~ScopeEffect.CurrentDrive
        : (effects & ~ScopeEffect.CurrentDrive) | ScopeEffect.Items;

    /// <summary>Whether a segment of these effects begins with making the scope what it is.</summary>
    public bool IsPrepared(ScopeEffect effects) => effects != ScopeEffect.None || (NeedsPreparation && !CanLast);

    /// <summary>Starts a task whose first step is a part of its own: it runs here and now, as a command in a step would have it run.</summary>
    /// <param name="start">Starts the task.</param>
    public AsyncTask RunFirstStep(Func<AsyncTask> start)
    {
        using var current = new CurrentStep(frame);
        bool wasStarting = IsStarting;
        IsStarting = true;
        try
        {
            return frame.Session.RunFirstStep(start);
        }
        finally
        {
            IsStarting = wasStarting;
        }
    }

    /// <summary>Runs a native block in this frame's scope.</summary>
    /// <param name="block">The block.</param>
    /// <param name="effects">What it may do to the scope.</param>
    public void Run(ScriptBlock block, ScopeEffect effects)
    {
        if (frame.Caller is null && (effects & ScopeEffect.Variables) == 0)
        {
            RunHere(block, effects);
        }
        else
        {
            RunWithinOthers(block, effects);
        }
    }

    /// <summary>Runs a step of a function that it calls inside a frame like its own.</summary>
    /// <param name="place">The call.</param>
    /// <param name="step">The step.</param>
    /// <param name="effects">What the step may do to its scope, which is the caller's in part.</param>
    public void RunAround(IEnclosingPlace place, Action step, ScopeEffect effects)
    {
        if (frame.Caller is not null)
        {
            frame.Caller.Run(() => RunPlace(place, step, effects), effects);
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
        using var current = new CurrentStep(frame);

        // Without its $_: the function has one, and PowerShell would look further out for one that holds nothing.
        List<PSVariable> variables = frame.Variables.For(effects);
        AddThis(variables);
        AddPreferences(ref variables);

        // PowerShell removes an alias or a drive where it finds it, which may be here.
        ScopeEffect here = effects & (ScopeEffect.Aliases | ScopeEffect.Drives);
        bool isPrepared = here != ScopeEffect.None || (NeedsPreparation && (effects != ScopeEffect.None || !CanLast));
        if (isPrepared)
        {
            AddActions(variables, here);
        }

        Action within = () => RunEnclosed(() => place.Run(frame, variables, frame.OwnScope?.Functions ?? ScriptFrame.NoFunctions, isPrepared, step));
        if (NeedsPreparation && !isPrepared)
        {
            RunInLasting(within);
        }
        else
        {
            within();
        }
    }

    // By itself, since every step would pay for what it captures.
    private void RunWithinOthers(ScriptBlock block, ScopeEffect effects)
    {
        if (frame.Caller is not null)
        {
            frame.Caller.Run(() => RunHere(block, effects), effects);
        }
        else
        {
            RunInOuter(() => RunHere(block, effects), effects);
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

        void RunWithin() => ScriptFrame.Run(ScriptFrame.Scope, [.. frame.Variables.Outer], step);
        PSCmdlet waiter = frame.Session.CurrentWaiter!.Cmdlet;
        if (frame.Preferences is { State: var home } && home.Module != waiter.SessionState.Module)
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
        using var current = new CurrentStep(frame);
        frame.SetPosition(block);
        bool isPrepared = IsPrepared(effects);
        List<PSVariable> variables = isPrepared ? frame.Variables.For(effects) : frame.Variables.All;
        AddUnderscore(variables);
        AddThis(variables);
        AddPreferences(ref variables);
        if (isPrepared)
        {
            AddActions(variables, effects);
        }

        RuntimeException? leaving = null;
        try
        {
            foreach (PSObject? written in Invoke(block, variables, lasts: NeedsPreparation && !isPrepared))
            {
                frame.Output.Add(written);
            }
        }
        catch (RuntimeException error) when (frame.Caller is null && IsSeen(error, out leaving))
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

            frame.Variables.All.RemoveAll(static variable => variable.Name == "_");
            if (frame.AssignsAutomatics)
            {
                frame.Underscore = frame.Variables[EngineNames.Underscore].Value;
            }
        }
    }

    private Collection<PSObject> Invoke(ScriptBlock block, List<PSVariable> variables, bool lasts)
    {
        if (!lasts)
        {
            return Invoke(block, variables);
        }

        Collection<PSObject>? written = null;
        RunInLasting(() => written = Invoke(block, variables));
        return written!;
    }

    private Collection<PSObject> Invoke(ScriptBlock block, List<PSVariable> variables)
    {
        ILoopHost? waiter = frame.Session.CurrentWaiter;
        var streams = ((IRunningStep)frame).Whole.Task.Streams as TaskStreams;
        bool takesInformation = waiter is { TakesInformation: true } || streams is { TakesInformation: true };
        bool takesMessages = (frame.Session.RecordReaders > 0 || streams is { OnRecord: not null })
            && !frame.IsRedirected && waiter is not { Steps.TakesMessages: true };
        if (Enclosing is null && !takesMessages && !takesInformation)
        {
            return block.InvokeWithContext(frame.OwnScope?.Functions, variables, frame.Arguments);
        }

        Collection<PSObject>? written = null;
        Action step = () => RunEnclosed(() => written = block.InvokeWithContext(frame.OwnScope?.Functions, variables, frame.Arguments));
        if (takesMessages || takesInformation)
        {
            StepPipeline.RunTaking(takesMessages, takesInformation, step);
        }
        else
        {
            step();
        }

        return written!;
    }

    private void RunEnclosed(Action step)
    {
        if (Enclosing is null)
        {
            step();
        }
        else
        {
            Enclosing.Run(frame, step);
        }
    }

    private void AddUnderscore(List<PSVariable> variables)
    {
        object? underscore = Underscore;
        if (underscore != AutomationNull.Value)
        {
            variables.Add(new PSVariable("_", underscore));
        }
    }

    private void AddThis(List<PSVariable> variables)
    {
        if (frame.This is not null)
        {
            // PowerShell takes it out of the list.
            variables.Add(new PSVariable("this", frame.This));
        }
    }

    /// <summary>Adds the preferences that held at the start, where others hold now. The list may be that of the frame.</summary>
    private void AddPreferences(ref List<PSVariable> variables)
    {
        if (PreferencesHere is { } here && frame.Preferences!.DiffersFrom(here))
        {
            variables = [.. variables, .. frame.Preferences.DifferencesFrom(here).Where(variable => !frame.TryGetVariable(variable.Name, out _))];
        }
    }

    /// <summary>Adds what gives a scope the block's aliases, strict mode and drives, and takes stock of it behind a segment.</summary>
    private void AddActions(List<PSVariable> variables, ScopeEffect effects)
    {
        ScopeSnapshot? before = null;
        variables.Add(new PSVariable(EngineNames.EnterScope, new ActionEnumerator(() => before = Prepare(effects))));
        variables.Add(new PSVariable(EngineNames.LeaveScope, new ActionEnumerator(() => before?.Compare())));
    }

    private ScopeSnapshot? Prepare(ScopeEffect effects)
    {
        EngineIntrinsics engine = frame.Scope.MakeIn(frame.Session.CurrentWaiter!.Cmdlet, OwnStrictVersion);
        return effects == ScopeEffect.None ? null : new ScopeSnapshot(frame, effects, engine);
    }

    private void RunInLasting(Action step) => frame.Scope.RunInLasting(frame.Session.CurrentWaiter!, OwnStrictVersion, step);

    private static bool IsSeen(RuntimeException error, out RuntimeException seen)
    {
        seen = error;
        return false;
    }

    /// <summary>A step of a coroutine as the session's current one, until it is disposed of.</summary>
    private readonly ref struct CurrentStep
    {
        private readonly CoroutineFrame _frame;
        private readonly CoroutineFrame? _outer;
        private readonly CoroutineFrame? _below;
        private readonly GroupContext _outerContext;

        public CurrentStep(CoroutineFrame frame)
        {
            RunspaceLoop session = frame.Session;
            (_frame, _outer, _below, _outerContext) = (frame, CoroutineFrame.CurrentOf(session), frame.Steps.Below, session.GroupContext);
            (session.CurrentStep, session.GroupContext) = (frame, frame.GroupContext);
            frame.Steps.Below = _outer == frame ? _below : _outer;
        }

        public void Dispose() =>
            (_frame.Session.CurrentStep, _frame.Session.GroupContext, _frame.Steps.Below) = (_outer, _outerContext, _below);
    }
}
