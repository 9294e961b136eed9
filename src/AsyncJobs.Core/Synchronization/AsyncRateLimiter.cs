using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>
/// Lets so many through in any window of time and no more: at whichever moment a window of that length begins, it has
/// at most <see cref="PermitLimit"/> permits in it. Waiters hold no thread and are served first come, first served. Safe
/// from any thread and any runspace.
/// </summary>
/// <remarks>
/// The limiter remembers when each of its last permits was given. System.Threading.RateLimiting keeps counters by segment or
/// token instead, which may let nearly twice the limit through within one window, and knows no <see cref="TimeProvider"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
[SuppressMessage("Design", "CA1001", Justification = "Its timer is set only while somebody waits, and is then garbage with the limiter.")]
public sealed class AsyncRateLimiter
{
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMilliseconds(1);

    // A timer cannot be set for longer; one that fires early is set again.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly object _gate = new();
    private readonly TimeProvider _clock;
    private readonly WaitQueue _waiters;
    private readonly long _windowLength;

    // When the permits of the last window were given, oldest first; at most PermitLimit of them.
    private Queue<long> _given = new();

    // Invariant: while anybody waits, it is set for when the next permit comes free.
    private ITimer? _timer;

    /// <summary>Creates a rate limiter.</summary>
    /// <param name="permitLimit">How many permits there are in any window; at least 1.</param>
    /// <param name="window">How long a window is; at least a millisecond.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit or the window is too small.</exception>
    public AsyncRateLimiter(int permitLimit, TimeSpan window, string? name = null, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permitLimit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, ShortestWindow);
        _clock = timeProvider ?? TimeProvider.System;
        _waiters = new WaitQueue(_gate);
        _windowLength = (long)Math.Ceiling((decimal)window.Ticks * _clock.TimestampFrequency / TimeSpan.TicksPerSecond);
        PermitLimit = permitLimit;
        Window = window;
        Name = name;
    }

    /// <summary>The limiter's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>How many permits there are in any window.</summary>
    public int PermitLimit { get; }

    /// <summary>How long a window is.</summary>
    public TimeSpan Window { get; }

    /// <summary>How many permits could be given now.</summary>
    public int CurrentCount
    {
        get
        {
            lock (_gate)
            {
                ForgetOldNeedsLock(_clock.GetTimestamp());
                return PermitLimit - _given.Count;
            }
        }
    }

    /// <summary>How long until the next permit comes free; zero where one is.</summary>
    internal TimeSpan UntilNext
    {
        get
        {
            lock (_gate)
            {
                long now = _clock.GetTimestamp();
                ForgetOldNeedsLock(now);
                return _given.Count < PermitLimit ? TimeSpan.Zero : _clock.GetElapsedTime(now, _given.Peek() + _windowLength);
            }
        }
    }

    /// <summary>How many wait for a permit.</summary>
    public int WaitingCount => _waiters.Count;

    /// <summary>Takes a permit if one is free and nobody waits for it.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            return _waiters.CountNeedsLock == 0 && TryGiveNeedsLock(out _);
        }
    }

    /// <summary>Takes a permit, after everybody who asked before.</summary>
    /// <param name="cancellationToken">
    /// Gives the place in the queue up. A permit handed over before that is kept: the task then ends well.
    /// </param>
    /// <exception cref="OperationCanceledException">The token was cancelled first; no permit was taken.</exception>
    public Task EnterAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken)
        : GiveOrEnqueue(out _) is { } waiter ? waiter.BindCancellation(cancellationToken)
        : Task.CompletedTask;

    /// <summary>As <see cref="EnterAsync"/>, but tells when the permit was given, by which <see cref="Return"/> takes it back.</summary>
    internal async Task<long> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (GiveOrEnqueue(out long givenAt) is not { } waiter)
        {
            return givenAt;
        }

        await waiter.BindCancellation(cancellationToken).ConfigureAwait(false);
        return waiter.GivenAt;
    }

    /// <summary>Takes a permit back with which nothing was done.</summary>
    internal void Return(long givenAt)
    {
        lock (_gate)
        {
            // Its own time goes, not another's: that would let the next through too early or too late.
            List<long> given = [.. _given];
            if (given.Remove(givenAt))
            {
                _given = new Queue<long>(given);
            }
        }

        ServeWaiters();
    }

    /// <summary>The limiter's name and state.</summary>
    public override string ToString() =>
        $"{Label.Of("AsyncRateLimiter", Name)} ({CurrentCount} of {PermitLimit} per {Window} free{Label.Waiting(WaitingCount)})";

    /// <summary>Gives a permit, or a place in the queue for one.</summary>
    private Arrival? GiveOrEnqueue(out long givenAt)
    {
        lock (_gate)
        {
            bool isFirst = _waiters.CountNeedsLock == 0;
            givenAt = 0;
            if (isFirst && TryGiveNeedsLock(out givenAt))
            {
                return null;
            }

            var waiter = new Arrival();
            _waiters.EnqueueNeedsLock(waiter);
            if (isFirst)
            {
                SetTimerNeedsLock();
            }

            return waiter;
        }
    }

    private bool TryGiveNeedsLock(out long givenAt)
    {
        givenAt = _clock.GetTimestamp();
        ForgetOldNeedsLock(givenAt);
        if (_given.Count == PermitLimit)
        {
            return false;
        }

        _given.Enqueue(givenAt);
        return true;
    }

    private void ForgetOldNeedsLock(long now)
    {
        while (_given.TryPeek(out long oldest) && now - oldest >= _windowLength)
        {
            _given.Dequeue();
        }
    }

    /// <summary>Gives the free permits to those who wait, in their order.</summary>
    private void ServeWaiters()
    {
        List<Arrival> served = [];
        lock (_gate)
        {
            while (_waiters.CountNeedsLock > 0)
            {
                // A timer may be early: its clock is coarser than ours.
                if (!TryGiveNeedsLock(out long givenAt))
                {
                    SetTimerNeedsLock();
                    break;
                }

                var next = (Arrival)_waiters.DequeueNeedsLock()!;
                next.GivenAt = givenAt;
                served.Add(next);
            }
        }

        served.ForEach(static waiter => waiter.Resume());
    }

    private void SetTimerNeedsLock()
    {
        Debug.Assert(_given.Count == PermitLimit, "nobody waits beside a free permit");
        double wait = Math.Ceiling(_clock.GetElapsedTime(_clock.GetTimestamp(), _given.Peek() + _windowLength).TotalMilliseconds);
        double due = Math.Clamp(wait, 0, LongestTimer.TotalMilliseconds);
        _timer ??= _clock.CreateTimer(
            static self => ((AsyncRateLimiter)self!).ServeWaiters(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.FromMilliseconds(due), Timeout.InfiniteTimeSpan);
    }

    private sealed class Arrival : WaitQueue.TaskWaiter
    {
        /// <summary>When the waiter was given a permit; set before it is resumed.</summary>
        public long GivenAt { get; set; }
    }
}
