namespace AsyncJobs;

public sealed partial class EventLoop
{
    private readonly TimerQueue _ownTimers;
    private int _timerCount;

    internal TimerQueue Timers { get; private set; }

    /// <summary>Puts another clock in the place of the loop's own. What has been timed by now goes on by the clock it began with.</summary>
    /// <param name="timeProvider">The clock; null for the loop's own.</param>
    internal void UseClock(TimeProvider? timeProvider)
    {
        TimeProvider = timeProvider is null ? Clock : new SubstituteClock(Clock, timeProvider);
        Timers = timeProvider is null ? _ownTimers : new TimerQueue(TimeProvider);
    }

    /// <summary>How many timers are set that somebody may count on.</summary>
    internal int TimerCount => Volatile.Read(ref _timerCount);

    /// <summary>Queues a callback once a time has passed. Safe from any thread.</summary>
    /// <param name="delay">How long from now; not negative.</param>
    /// <param name="callback">Runs on the turning thread, if not cancelled by then.</param>
    /// <returns>Disposing it takes the callback back.</returns>
    /// <remarks>asyncio: <c>loop.call_later()</c>. Callbacks run in the order in which they fall due.</remarks>
    public IDisposable CallLater(TimeSpan delay, Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new DelayedCallback(this, delay, callback, isBackground: false);
    }

    /// <summary>As <see cref="CallLater"/>, for what only reports or looks: nobody may count on being woken by it.</summary>
    internal IDisposable CallLaterInBackground(TimeSpan delay, Action callback) =>
        new DelayedCallback(this, delay, callback, isBackground: true);

    /// <summary>A timer that posts its callback, at most once.</summary>
    private sealed class DelayedCallback : IDisposable, ITimed
    {
        private readonly EventLoop _loop;
        private readonly TimerQueue _timers;
        private readonly bool _isBackground;
        private Action? _callback;

        public DelayedCallback(EventLoop loop, TimeSpan delay, Action callback, bool isBackground)
        {
            _loop = loop;
            _callback = callback;
            _isBackground = isBackground;
            if (!isBackground)
            {
                Interlocked.Increment(ref loop._timerCount);
            }

            _timers = isBackground ? loop._ownTimers : loop.Timers;
            _timers.Add(delay, this);
        }

        int ITimed.TimerPlace { get; set; }

        public void Dispose()
        {
            Take();
            _timers.Remove(this);
        }

        private Action? Take()
        {
            Action? callback = Interlocked.Exchange(ref _callback, null);
            if (callback is not null && !_isBackground)
            {
                Interlocked.Decrement(ref _loop._timerCount);
            }

            return callback;
        }

        // Taken on the loop, so that a cancellation between firing and running still counts.
        void ITimed.Due() => _loop.Post(() => Take()?.Invoke());
    }
}
