namespace AsyncJobs.Core.Tracing;

/// <summary>How far a trace has come with one task.</summary>
/// <param name="lane">The task's lane.</param>
/// <param name="usedThreads">Gets the threads that it runs on.</param>
internal sealed class TraceProgress(TraceLane lane, HashSet<int> usedThreads)
{
    private bool _hasEnded;
    private bool _wasOnThread;
    private string? _place;
    private string? _what;
    private string? _phase;
    private string? _host;
    private string? _waitPlace;
    private int[] _others = [];
    private int _thread;

    public TraceLane Lane { get; } = lane;

    /// <summary>What it does now; null before anything is known.</summary>
    public TraceState? State { get; private set; }

    /// <summary>Since when.</summary>
    public long Since { get; private set; }

    public bool HasBegun { get; private set; }

    /// <summary>The thread whose list of running tasks it is in.</summary>
    public int? OnThread { get; set; }

    private bool IsThreadTask => Lane.Kind == nameof(AsyncTaskKind.Thread);

    public void Created(in TraceEvent item, int parent, long now)
    {
        var task = (TraceTask)item.B!;
        Lane.Kind = ((AsyncTaskKind)item.Detail).ToString();
        Lane.Name = task.Name ?? Lane.Name;
        Lane.Command = task.Command;
        Lane.Origin = task.Origin;
        Lane.Input = TaskSubject.Of(item.A);
        _host = Uri.TryCreate(Lane.Input, UriKind.Absolute, out Uri? address) && address.Host.Length > 0 ? address.Authority : null;
        Lane.Loop = item.Number;
        Lane.Parent = parent;
        Change(now, TraceState.Queued);
    }

    public void Begin(long now)
    {
        HasBegun = true;
        if (State is not (TraceState.Await or TraceState.Running or TraceState.Thread))
        {
            GoOn(now, thread: 0);
        }
    }

    /// <summary>Its own work goes on after a wait, as its kind does.</summary>
    public void GoOn(long now, int thread)
    {
        if (Lane.IsScript)
        {
            Run(now, TraceState.Running, thread);
        }
        else if (IsThreadTask && _wasOnThread)
        {
            Run(now, TraceState.Thread, _thread);
        }
        else
        {
            Change(
                now,
                !HasBegun ? TraceState.Queued : Lane.Kind == nameof(AsyncTaskKind.IO) ? TraceState.IO : TraceState.Ready,
                place: null,
                IsThreadTask && HasBegun ? "a thread" : _phase);
        }
    }

    public void Run(long now, TraceState state, int thread)
    {
        usedThreads.Add(thread);
        _wasOnThread |= state == TraceState.Thread;
        Change(now, state, _waitPlace ?? Lane.Origin, what: null, others: null, thread);
        _thread = thread;
    }

    public void Wait(long now, TraceState state, string? place, string? what, int[] others)
    {
        _waitPlace = place ?? _waitPlace;
        int thread = _thread;
        Change(now, state, place, what, others);
        _thread = thread;
    }

    public void BecomeReady(long now)
    {
        if (State is not null)
        {
            Change(now, TraceState.Ready, _place, "the loop");
        }
    }

    public void LeaveThread(long now)
    {
        _wasOnThread = false;
        Change(now, TraceState.Ready, _place, "its end");
    }

    public void EnterPhase(long now, string? phase)
    {
        _phase = phase is null || _host is null ? phase : $"{phase}, {_host}";
        if (State is TraceState.IO or TraceState.Pause)
        {
            Change(now, phase?.StartsWith("waits", StringComparison.Ordinal) == true ? TraceState.Pause : TraceState.IO, place: null, _phase);
        }
    }

    public void End(in TraceEvent item, long now)
    {
        Close(now);
        State = null;
        _hasEnded = true;
        Lane.End = Math.Max(now, Lane.Start + 1);
        Lane.Outcome = (AsyncState)item.Detail;
        Lane.Message = (string?)item.A ?? Lane.Message;
    }

    public void EndWithTrace(long now)
    {
        if (!_hasEnded)
        {
            Close(now);
            Lane.End = Math.Max(now, Lane.Start + 1);
        }
    }

    private void Change(long now, TraceState state, string? place = null, string? what = null, int[]? others = null, int thread = 0)
    {
        if (_hasEnded)
        {
            return;
        }

        Close(now);
        (State, Since, _place, _what, _others, _thread) = (state, now, place, what, others ?? [], thread);
    }

    private void Close(long now)
    {
        if (State is { } state && now > Since)
        {
            int thread = state is TraceState.Running or TraceState.Thread ? _thread : 0;
            Lane.Spans.Add(new TraceSpan(Since, now, state, _place, _what, _others, thread));
        }
    }
}
