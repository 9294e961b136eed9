using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Core.Web;

/// <summary>
/// Watches one attempt: its token is cancelled when the task is stopped or the limit of the phase it is in has passed.
/// Used again for the next attempt, so that a request costs neither a timer nor a linked token source.
/// </summary>
/// <remarks>
/// Most limits are never reached. So moving from phase to phase only writes the new deadline; the timer, when it is
/// due, looks whether that has passed and otherwise sleeps on until it.
/// </remarks>
[SuppressMessage("Design", "CA2213", Justification = "See Dispose.")]
internal sealed class PhaseWatch : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly object _gate = new();
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _source = new();
    private readonly ITimer _timer;
    private CancellationTokenRegistration _stopping;
    private WebTimeouts _limits = WebTimeouts.Default;
    private WebPhase _phase;
    private string? _noted;
    private long _notedAt;
    private long _deadline = Never;
    private long _totalDeadline = Never;
    private long _timerDue = Never;
    private bool _hasExpired;

    public PhaseWatch(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(
            static watch => ((PhaseWatch)watch!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The token for the attempt's operations.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether a limit was reached; then <see cref="Phase"/> stays where it was.</summary>
    public bool HasExpired => Volatile.Read(ref _hasExpired);

    /// <summary>The phase that the attempt is in.</summary>
    public WebPhase Phase => _phase;

    /// <summary>The limit that is being watched, or was reached.</summary>
    public TimeSpan Limit => IsTotal ? _limits.Total : _phase == WebPhase.Body ? _limits.BodyIdle : _limits.Headers;

    /// <summary>The task whose attempt it is, for a trace; null where nobody can tell.</summary>
    public AsyncTask? Task { get; set; }

    /// <summary>Whether the limit that comes first, or was reached, is that of the whole.</summary>
    public bool IsTotal => _deadline == _totalDeadline;

    /// <summary>Begins an attempt.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="stop">Ends the attempt early.</param>
    public void Begin(WebTimeouts limits, CancellationToken stop)
    {
        _limits = limits;
        _totalDeadline = After(limits.Total);
        _stopping = stop.UnsafeRegister(static watch => ((PhaseWatch)watch!)._source.Cancel(), this);
    }

    /// <summary>Enters a phase, or the same again: its limit counts from now.</summary>
    public void Enter(WebPhase phase)
    {
        SetDeadline(Math.Min(After(phase == WebPhase.Body ? _limits.BodyIdle : _limits.Headers), _totalDeadline), phase);
    }

    /// <summary>Stays in the phase while somebody else takes his time: only the limit of the whole goes on.</summary>
    public void Rest() => SetDeadline(_totalDeadline, _phase);

    /// <summary>Ends the attempt from outside.</summary>
    public void Stop() => _source.Cancel();

    private void SetDeadline(long deadline, WebPhase phase)
    {
        lock (_gate)
        {
            if (_hasExpired)
            {
                return;
            }

            NotePhase(phase);
            _phase = phase;
            _deadline = deadline;
            if (deadline < _timerDue)
            {
                SetTimerNeedsGate(deadline);
            }
        }
    }

    /// <summary>Ends the attempt.</summary>
    /// <returns>Whether the watch can be used for another attempt: its token was not cancelled and will not be.</returns>
    public bool TryEnd()
    {
        Note(phase: null);
        // False as well where the token cannot be cancelled and nothing was registered.
        bool isUntouched = _stopping.Unregister() || _stopping == default;
        _stopping = default;
        lock (_gate)
        {
            _deadline = Never;
            return isUntouched && !_hasExpired && _source.TryReset();
        }
    }

    /// <summary>Gives the timer back, but not the source: a stop that comes at this moment may still cancel that.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>A connection is being made, or is there: what a phase says of itself to those who look in.</summary>
    public void NoteConnecting(bool isOver) => Note(isOver ? PhaseNames.Headers : PhaseNames.Connect);

    private void NotePhase(WebPhase phase)
    {
        if (phase != _phase || _noted is null)
        {
            Note(PhaseNames.Of(phase));
        }
    }

    // Null where the attempt is over.
    private void Note(string? phase)
    {
        if (WebInstruments.PhaseDuration.Enabled)
        {
            long now = _clock.GetTimestamp();
            if (_noted is { } before && _notedAt != 0)
            {
                WebInstruments.PhaseDuration.Record(
                    _clock.GetElapsedTime(_notedAt, now).TotalSeconds, new KeyValuePair<string, object?>("asyncjobs.http.phase", before));
            }

            _notedAt = now;
        }

        _noted = phase;
        if (phase is not null && Task is { } task && TraceRecorder.Current is { } trace)
        {
            trace.Add(TraceEventKind.Phase, task.Id, a: phase);
        }
    }

    private long After(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan
        ? Never
        : _clock.GetTimestamp() + (long)(limit.TotalSeconds * _clock.TimestampFrequency);

    private void SetTimerNeedsGate(long due)
    {
        _timerDue = due;
        long left = Math.Max(0, due - _clock.GetTimestamp());

        // Rounded up, so that it does not come a moment early and have to come again.
        double milliseconds = Math.Min(Math.Ceiling(left * 1000.0 / _clock.TimestampFrequency), int.MaxValue);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerDue = Never;
            if (_deadline == Never || _hasExpired)
            {
                return;
            }

            if (_clock.GetTimestamp() < _deadline)
            {
                SetTimerNeedsGate(_deadline);
                return;
            }

            _hasExpired = true;
        }

        // Outside the gate: cancelling runs the callbacks of whoever holds the token.
        _source.Cancel();
    }
}
