namespace AsyncJobs.Tests.Web;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly object _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Delay, TaskCompletionSource Armed)> _waiters = [];
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => _start + _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends when a timer near that delay, dates in headers being whole seconds, is set; at once if one is.</summary>
    public Task WhenSetFor(TimeSpan delay)
    {
        lock (_gate)
        {
            if (_timers.Exists(timer => IsNear(timer.Due - _now, delay)))
            {
                return Task.CompletedTask;
            }

            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((delay, armed));
            return armed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>Moves on and runs what is due.</summary>
    public void Advance(TimeSpan by)
    {
        ManualTimer[] due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.Due <= _now).OrderBy(timer => timer.Due)];
            _timers.RemoveAll(timer => due.Contains(timer));
        }

        foreach (ManualTimer timer in due)
        {
            timer.Run();
        }
    }

    private static bool IsNear(TimeSpan actual, TimeSpan expected) => (actual - expected).Duration() < TimeSpan.FromSeconds(1.1);

    private sealed class ManualTimer(ManualClock clock, Action run) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Run() => run();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                    foreach ((_, TaskCompletionSource armed) in clock._waiters.Where(waiter => IsNear(dueTime, waiter.Delay)))
                    {
                        armed.TrySetResult();
                    }
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
