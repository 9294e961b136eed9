namespace AsyncJobs.Diagnostics;

/// <summary>What looks into a session: who reports slow steps, failures that nobody has seen, and deadlocks.</summary>
internal sealed class SessionDiagnostics
{
    private readonly RunspaceLoop _session;
    private readonly DeadlockWatch _deadlocks;
    private readonly NestedDeadlockWatch _nesting;

    private SessionDiagnostics(RunspaceLoop session)
    {
        _session = session;
        UnobservedFailures = new UnobservedFailures(session.Tasks);
        Debugging = new Debugging(session);
        _deadlocks = new DeadlockWatch(session);
        _nesting = new NestedDeadlockWatch(session);
        var slowSteps = new SlowSteps(session);
        session.HostEntered = slowSteps.Note;
        session.Loop.Steps.Slow = slowSteps.Report;
        session.Loop.Steps.IsHalted = () => session.Runspace.Debugger is { InBreakpoint: true };
        session.Loop.GoingToSleep = LookForDeadlocks;
        session.Tasks.TaskSettled = WakeDebugger;
        session.Closing = Close;
    }

    public UnobservedFailures UnobservedFailures { get; }

    public Debugging Debugging { get; }

    /// <summary>The diagnostics of a session, attached when it is first asked for: by the first cmdlet that may turn the loop.</summary>
    public static SessionDiagnostics Of(RunspaceLoop session) => session.Part(static session => new SessionDiagnostics(session));

    private void Close()
    {
        UnobservedFailures.Dispose();
        Debugging.IsOn = false;
    }

    /// <summary>Called as the loop goes to sleep.</summary>
    private void LookForDeadlocks()
    {
        if (Debugging.IsAnyOn)
        {
            LookInDebugMode();
        }

        if (_session.Wait is { } wait && (wait.Outer is not null || wait.Task is not null))
        {
            _nesting.Look(wait);
        }
    }

    /// <summary>The session that the user has in debug mode looks; that of a thread task wakes it, so that it does.</summary>
    private void LookInDebugMode()
    {
        if (_session.IsWorker)
        {
            WakeDebugger();
        }
        else if (Debugging.IsOn && _session.Loop.IsQuiet)
        {
            _deadlocks.Look();
        }
    }

    private void WakeDebugger()
    {
        if (Debugging.IsAnyOn)
        {
            _session.Members.FirstOrDefault(member => !member.IsWorker)?.Loop.Wake();
        }
    }
}
