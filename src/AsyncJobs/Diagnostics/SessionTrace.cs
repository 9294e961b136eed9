namespace AsyncJobs.Diagnostics;

/// <summary>The trace that a session has started; it ends with the session.</summary>
internal sealed class SessionTrace(RunspaceLoop session) : IDisposable
{
    private readonly object _gate = new();
    private TraceRecorder? _own;

    /// <summary>A trace that is over and could not be written to where it was to go; null for none.</summary>
    public AsyncTrace? Unsaved { get; set; }

    public static SessionTrace Of(RunspaceLoop session) => session.Part(static session => new SessionTrace(session));

    /// <summary>Begins a trace, of all sessions of the process.</summary>
    /// <param name="maximumEvents">How many events it has room for.</param>
    /// <returns>False where one is under way.</returns>
    public bool TryStart(int maximumEvents)
    {
        lock (_gate)
        {
            if (TraceRecorder.TryStart(maximumEvents) is not { } recorder)
            {
                return false;
            }

            (_own, Unsaved) = (recorder, null);
            TaskTrace.ScriptWaitChanged(recorder, session.Loop, wait: null);
            foreach ((_, RunspaceLoop known) in RunspaceLoop.All)
            {
                TaskTrace.Known(recorder, known.Tasks);
            }

            return true;
        }
    }

    /// <summary>Ends the trace, whichever session has started it.</summary>
    /// <returns>Null where there is none.</returns>
    public AsyncTrace? Stop()
    {
        lock (_gate)
        {
            if (TraceRecorder.Current is not { } recorder || !recorder.TryStop())
            {
                return Unsaved;
            }

            _own = null;
            var loops = RunspaceLoop.All.ToDictionary(static pair => pair.Session.Loop.Id, static pair => NameOf(pair.Session));
            loops.TryAdd(session.Loop.Id, NameOf(session));
            return new AsyncTrace(TraceBuilder.Build(recorder, loops));
        }
    }

    /// <summary>Ends the session's own trace, if it is under way still.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _own?.TryStop();
            (_own, Unsaved) = (null, null);
        }
    }

    private static string NameOf(RunspaceLoop session) =>
        session.IsWorker ? $"{session.Loop.Label}, of thread tasks" : session.Loop.Label!;
}
