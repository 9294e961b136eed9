namespace AsyncJobs.Core.Loop;

/// <summary>
/// A loop's timers. One timer of the clock stands for all, so that they fire one after the other in the order in which they
/// fall due, however late: timers of their own would race for the threads that they fire on.
/// </summary>
/// <param name="clock">What measures the time.</param>
/// <remarks>asyncio: the heap of what <c>call_later()</c> and <c>call_at()</c> have scheduled. Any thread may use it.</remarks>
internal sealed class TimerQueue(TimeProvider clock)
{
    // The clock's timers count no further than 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly object _gate = new();
    private readonly SortedSet<Entry> _entries = [];
    private ITimer? _timer;
    private long _lastNumber;
    private bool _isFiring;

    /// <summary>Has something done once a time has passed.</summary>
    /// <param name="delay">How long from now; not negative.</param>
    /// <param name="callback">What to do: on some thread, quickly, as the timers behind this one wait. The callback throws nothing.</param>
    /// <param name="state">What the callback is given.</param>
    /// <returns>The timer; disposing takes it back.</returns>
    public IDisposable Add(TimeSpan delay, TimerCallback callback, object state)
    {
        long now = clock.GetTimestamp();
        double units = delay.TotalSeconds * clock.TimestampFrequency;
        long due = units < long.MaxValue - now ? now + (long)units : long.MaxValue;
        lock (_gate)
        {
            var entry = new Entry(this, due, ++_lastNumber, callback, state);
            _entries.Add(entry);

            // Whoever fires looks for the next afterwards.
            if (!_isFiring && _entries.Min == entry)
            {
                Arm(entry);
            }

            return entry;
        }
    }

    private void Remove(Entry entry)
    {
        lock (_gate)
        {
            // Were others left, the timer may as well find out that it is too early for them.
            if (_entries.Remove(entry) && _entries.Count == 0)
            {
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Arm(Entry next)
    {
        TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), next.Due);
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, left.TotalMilliseconds)));
        _timer ??= clock.CreateTimer(static queue => ((TimerQueue)queue!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_isFiring)
            {
                return;
            }

            _isFiring = true;
        }

        while (TakeDue() is { } entry)
        {
            entry.Run();
        }
    }

    private Entry? TakeDue()
    {
        lock (_gate)
        {
            Entry? next = _entries.Min;
            if (next is not null && next.Due <= clock.GetTimestamp())
            {
                _entries.Remove(next);
                return next;
            }

            _isFiring = false;
            if (next is not null)
            {
                Arm(next);
            }

            return null;
        }
    }

    private sealed class Entry(TimerQueue queue, long due, long number, TimerCallback callback, object state)
        : IDisposable, IComparable<Entry>
    {
        public long Due => due;

        // Of two that fall due together, the first set is the first to fire.
        public int CompareTo(Entry? other) => (due, number).CompareTo((other!.Due, other.Number));

        public void Run() => callback(state);

        public void Dispose() => queue.Remove(this);

        private long Number => number;
    }
}
