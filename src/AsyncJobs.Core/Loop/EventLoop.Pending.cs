namespace AsyncJobs;

public sealed partial class EventLoop
{
    private int _expectedCount;

    // When the first callback became ready that nobody has turned the loop for since; under _gate.
    private long _readySince;

    /// <summary>Whether callbacks are ready, or are to come, that run only where somebody turns the loop.</summary>
    internal bool HasPending => ReadyCount > 0 || TimerCount > 0 || Volatile.Read(ref _expectedCount) > 0;

    /// <summary>How long callbacks have been ready while nobody has turned the loop; zero where none are, or somebody does.</summary>
    internal TimeSpan Delay
    {
        get
        {
            lock (_gate)
            {
                return IsRunning || _inbox.Count + _ready.Count == 0 ? TimeSpan.Zero : Clock.GetElapsedTime(_readySince);
            }
        }
    }

    /// <summary>Whether something is pending and the host neither turns the loop now nor is about to, as far as it can tell.</summary>
    internal bool StandsStill => IsLeft?.Invoke() ?? false;

    /// <summary>What the host says to <see cref="StandsStill"/>.</summary>
    internal Func<bool>? IsLeft { get; set; }

    /// <summary>Counts callbacks that are to come when what they are for has happened; negative when they have, or are taken back.</summary>
    internal void Expect(int change) => Interlocked.Add(ref _expectedCount, change);
}
