namespace AsyncJobs.Diagnostics;

/// <summary>The settings of a session by which it is looked into.</summary>
internal sealed class Debugging
{
    private static readonly TimeSpan DefaultSlowStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DebugSlowStep = TimeSpan.FromMilliseconds(100);

    // How many sessions are in debug mode; asked wherever debug mode would cost something.
    private static int s_onCount;

    private readonly RunspaceLoop _session;
    private TimeSpan? _slowStep;
    private volatile bool _isOn;

    public Debugging(RunspaceLoop session)
    {
        _session = session;
        Apply();
    }

    /// <summary>Whether any session is in debug mode.</summary>
    public static bool IsAnyOn => Volatile.Read(ref s_onCount) > 0;

    public bool IsOn
    {
        get => _isOn;
        set
        {
            if (_isOn != value)
            {
                Interlocked.Add(ref s_onCount, value ? 1 : -1);
            }

            _isOn = value;
            Apply();
        }
    }

    /// <summary>How long a step may hold the loop before a warning.</summary>
    public TimeSpan SlowStep
    {
        get => _slowStep ?? (_isOn ? DebugSlowStep : DefaultSlowStep);
        set
        {
            _slowStep = value;
            Apply();
        }
    }

    private void Apply()
    {
        _session.Loop.Steps.Limit = SlowStep;
        _session.Tasks.KeepsUnawaited = _isOn;
    }
}
