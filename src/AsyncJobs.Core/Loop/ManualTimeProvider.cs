namespace AsyncJobs;

/// <summary>
/// A clock that stands still until it is advanced, for tests of what sleeps, has limits or tries again: with it as the clock
/// of a loop (<c>Set-AsyncLoop -TimeProvider</c>) an hour takes no time. Any thread may use it.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    // Not zero: a timestamp of zero is easily taken for "never".
    private const long FirstTimestamp = TimeSpan.TicksPerDay;

    private readonly object _gate = new();
    private readonly SortedSet<ManualTimer> _pending = new(Comparer<ManualTimer>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Order.CompareTo(other.Order)));

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

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock, and fires what falls due, each timer at its own time; on a thread of the thread pool, as those of the
    /// system's clock do, and to the end. What is then ready on a loop runs when the loop next turns.
    /// </summary>
    /// <param name="seconds">By how many seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative: a clock goes forward.</exception>
    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <inheritdoc cref="Advance(double)"/>
    /// <param name="by">By how much.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long until = GetTimestamp() + by.Ticks;
        var fired = new TaskCompletionSource();

        // Not a task, which might run on this thread after all: what goes on there takes it for a turn of the loop.
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                try
                {
                    FireUntil(until);
                    fired.SetResult();
                }
                catch (Exception exception)
                {
                    fired.SetException(exception);
                }
            },
            null);
        fired.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends when a timer of about that delay is set, dates in answers being whole seconds; at once if one is.</summary>
    /// <param name="delay">How long from now the timer is to fire.</param>
    internal Task WhenSetFor(TimeSpan delay)
    {
        lock (_gate)
        {
            if (_pending.Any(timer => IsNear(timer.Due - _now, delay)))
            {
                return Task.CompletedTask;
            }

            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((delay, set));
            return set.Task;
        }
    }

    private void FireUntil(long until)
    {
        while (TakeDue(until) is { } timer)
        {
            timer.Fire();
        }

        Volatile.Write(ref _now, until);
    }

    private static bool IsNear(long ticks, TimeSpan expected) => (TimeSpan.FromTicks(ticks) - expected).Duration() < TimeSpan.FromSeconds(1.1);

    private ManualTimer? TakeDue(long until)
    {
        lock (_gate)
        {
            if (_pending.Min is not { } next || next.Due > until)
            {
                return null;
            }

            Volatile.Write(ref _now, next.Due);
            _pending.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, Action callback) : ITimer
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
