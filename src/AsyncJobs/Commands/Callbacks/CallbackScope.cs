namespace AsyncJobs.Commands.Callbacks;

/// <summary>
/// What a callback sees that is registered in a coroutine: the scope of the step is gone when the callback runs, while its
/// variables live on.
/// </summary>
internal sealed class CallbackScope
{
    private readonly RunspaceLoop _session;
    private readonly SessionState _state;
    private readonly PSVariable[] _variables;
    private readonly Dictionary<string, ScriptBlock>? _functions;

    private CallbackScope(PSCmdlet caller, RunspaceLoop session, ScriptBlock action)
    {
        _session = session;
        _state = HomeSessionState.ForAttached(caller, action);
        CapturedVariables captured = SessionStateInvoker.Invoke(caller, _state, () => new CapturedVariables(caller, _state, [action], []));

        // Those of a function that PowerShell has compiled are of its call, and no scope takes them.
        _variables = [.. captured.Live.Select(static variable =>
            variable is BlockVariable || variable.GetType().IsVisible ? variable : new PSVariable(variable.Name, variable.Value))];
        _functions = captured.Commands.Functions;
    }

    /// <summary>The scope for an action that is registered now; null in plain script, whose scopes are still there.</summary>
    public static CallbackScope? For(PSCmdlet caller, RunspaceLoop session, ScriptBlock action) =>
        session.CurrentStep is null ? null : new CallbackScope(caller, session, action);

    /// <summary>Runs the callback within it.</summary>
    public void Run(Action callback)
    {
        PSCmdlet waiter = _session.CurrentWaiter!.Cmdlet;
        if (waiter.SessionState.Module == _state.Module)
        {
            RunHere(callback);
        }
        else
        {
            SessionStateInvoker.Invoke(waiter.InvokeCommand, _state, () => RunHere(callback));
        }
    }

    private void RunHere(Action callback) => ScriptFrame.Run(ScriptFrame.Scope, [.. _variables], callback, _functions);
}
