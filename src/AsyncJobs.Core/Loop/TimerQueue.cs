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
    private readonly TimerHeap _timers = new();
    private ITimer? _timer;
    private bool _isFiring;

    /// <summary>Has something told once a time has passed.</summary>
    /// <param name="delay">How long from now; not negative.</param>
    /// <param name="timed">What is told, and may be taken back by <see cref="Remove"/>.</param>
    public void Add(TimeSpan delay, ITimed timed)
    {
        long now = clock.GetTimestamp();
        double units = delay.TotalSeconds * clock.TimestampFrequency;
        long due = units < long.MaxValue - now ? now + (long)units : long.MaxValue;
        lock (_gate)
        {
            _timers.Add(timed, due);

            // Whoever fires looks for the next afterwards.
            if (!_isFiring && _timers.Next.Timed == timed)
            {
                Arm(due);
            }
        }
    }

    /// <summary>Takes back what has been added; nothing happens where its time has come.</summary>
    public void Remove(ITimed timed)
    {
        lock (_gate)
        {
            // Were others left, the timer may as well find out that it is too early for them.
            if (_timers.Remove(timed) && _timers.Count == 0)
            {
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Arm(long due)
    {
        TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), due);
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

        while (TakeDue() is { } timed)
        {
            timed.Due();
        }
    }

    private ITimed? TakeDue()
    {
        lock (_gate)
        {
            if (_timers.Count > 0)
            {
                (ITimed timed, long due) = _timers.Next;
                if (due <= clock.GetTimestamp())
                {
                    _timers.Remove(timed);
                    return timed;
                }

                Arm(due);
            }

            _isFiring = false;
            return null;
        }
    }
}
