namespace AsyncJobs.Core.Tests;

/// <summary>A clock that stands still until it is advanced. Its timers fire inside <see cref="Advance"/>, in due order.</summary>
internal sealed class FakeTimeProvider : TimeProvider
{
    // Not zero: a timestamp of zero is easily taken for "never".
    private const long FirstTimestamp = TimeSpan.TicksPerDay;

    private readonly object _gate = new();
    private readonly List<FakeTimer> _pending = [];
    private readonly List<(TimeSpan Delay, TaskCompletionSource Set)> _watchers = [];

    // The time of day begins as the system's, which servers write into their answers.
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow.AddTicks(-FirstTimestamp);
    private long _now = FirstTimestamp;
    private long _lastOrder;

    /// <summary>How many timers are set and have not fired.</summary>
    public int TimerCount
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends when a timer of about that delay is set, dates in answers being whole seconds; at once if one is.</summary>
    /// <param name="delay">How long from now the timer is to fire.</param>
    public Task WhenSetFor(TimeSpan delay)
    {
        lock (_gate)
        {
            if (_pending.Exists(timer => IsNear(timer.Due - _now, delay)))
            {
                return Task.CompletedTask;
            }

            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((delay, set));
            return set.Task.Within();
        }
    }

    /// <summary>Moves the clock and fires on this thread what falls due, each timer at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        long until = GetTimestamp() + by.Ticks;
        while (TakeDue(until) is { } timer)
        {
            timer.Fire();
        }

        Volatile.Write(ref _now, until);
    }

    private static bool IsNear(long ticks, TimeSpan expected) => (TimeSpan.FromTicks(ticks) - expected).Duration() < TimeSpan.FromSeconds(1.1);

    private FakeTimer? TakeDue(long until)
    {
        lock (_gate)
        {
            FakeTimer? next = _pending.OrderBy(timer => timer.Due).ThenBy(timer => timer.Order).FirstOrDefault();
            if (next is null || next.Due > until)
            {
                return null;
            }

            Volatile.Write(ref _now, next.Due);
            _pending.Remove(next);
            return next;
        }
    }

    private sealed class FakeTimer(FakeTimeProvider clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                clock._pending.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.GetTimestamp() + dueTime.Ticks;
                    Order = ++clock._lastOrder;
                    clock._pending.Add(this);
                    foreach ((_, TaskCompletionSource set) in clock._watchers.Where(watcher => IsNear(dueTime.Ticks, watcher.Delay)))
                    {
                        set.TrySetResult();
                    }
                }
            }

            return true;
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            callback();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
