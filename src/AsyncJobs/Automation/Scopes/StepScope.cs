namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// The scope that coroutines' steps are run from: that of the command which turns the loop, and of no coroutine's step
/// inside which the loop is turned once more. Else one coroutine would see the variables of another that happens to wait
/// in a function it calls. A pipeline that is kept open keeps the scope it was opened in.
/// </summary>
internal sealed class StepScope : IDisposable
{
    // Of the caller's session state and, where that is a module's, of the session's own.
    private readonly List<(SteppablePipeline Pipeline, SessionState State)> _opened = [];
    private readonly EngineIntrinsics _engine;
    private readonly PSCmdlet _command;

    // Of one session state after the other: most often there is one.
    private (PSModuleInfo? Module, PreferenceScope Scope)? _preferences;

    /// <summary>Marks the scope that a command runs in.</summary>
    /// <param name="command">The command, which is running now.</param>
    /// <param name="global">The session's own state; null if that has not been seen.</param>
    public StepScope(PSCmdlet command, SessionState? global)
    {
        _command = command;
        _engine = (EngineIntrinsics)command.SessionState.PSVariable.GetValue("ExecutionContext");
        Open();
        if (command.SessionState.Module is not null && global is not null)
        {
            SessionStateInvoker.Invoke(command.InvokeCommand, global, Open);
        }
    }

    /// <summary>The preferences that hold there; asked for in that scope, while the command runs.</summary>
    /// <param name="state">The session state that is looked at.</param>
    public PreferenceScope PreferencesIn(SessionState state)
    {
        if (_preferences is not { } known || known.Module != state.Module)
        {
            _preferences = known = (state.Module, new PreferenceScope(_command, state));
        }

        return known.Scope;
    }

    /// <summary>Runs an action in that scope, and throws what it throws.</summary>
    public void Run(Action action)
    {
        var carried = new ExceptionRelay(action);
        Action run = carried.Run;
        foreach ((SteppablePipeline pipeline, SessionState state) in _opened)
        {
            Action inner = run;
            run = () => Run(state, () => pipeline.Process(new PSObject(inner)));
        }

        run();
        carried.Rethrow();
    }

    public void Dispose() => _opened.ForEach(opened => Run(opened.State, opened.Pipeline.Dispose));

    // From another session state than its own a pipeline leaves its scope the current one, until that is gone.
    private void Run(SessionState state, Action step)
    {
        if (_engine.SessionState == state)
        {
            step();
        }
        else
        {
            SessionStateInvoker.Invoke(_engine.InvokeCommand, state, step);
        }
    }

    private void Open()
    {
        SteppablePipeline pipeline = SessionStateInvoker.OfInput.GetSteppablePipeline(CommandOrigin.Internal);
        pipeline.Begin(expectInput: true, _engine);
        _opened.Add((pipeline, _engine.SessionState));
    }
}
