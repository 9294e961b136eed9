namespace AsyncJobs.Core.Loop;

/// <summary>
/// Sees to it that a step which holds the loop for too long is told of once: while it still runs, by a timer, or when
/// it lets go, whichever comes first. Time in which a step turns the loop itself does not count.
/// </summary>
/// <remarks>The timer ticks while steps run, and stops when it finds that none has run since its last tick.</remarks>
internal sealed class StepWatch(TimeProvider clock)
{
    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(10);

    private readonly object _gate = new();

    // When the present step began, which also tells it from others; 0 between steps.
    private long _begunAt;
    private volatile IStep? _step;
    private long _limitTicks = TimeSpan.FromSeconds(1).Ticks;

    // Under _gate.
    private long _reported;
    private long _seenCount;
    private ITimer? _timer;

    private volatile bool _isTicking;
    private long _stepCount;
    private long _slowCount;

    /// <summary>
    /// Gets each slow step: on the loop's thread if the step is over, on another while it runs. Null turns the watch off.
    /// </summary>
    public Action<SlowStep>? Slow { get; set; }

    /// <summary>Whether somebody has stopped the step that runs, to look at it: its time is not its own, and it is not told of. From any thread.</summary>
    public Func<bool>? IsHalted { get; set; }

    /// <summary>The time from which on a step is slow.</summary>
    public TimeSpan Limit
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _limitTicks));
        set
        {
            lock (_gate)
            {
                Volatile.Write(ref _limitTicks, value.Ticks);
                if (_isTicking)
                {
                    ChangeTimerNeedsGate();
                }
            }
        }
    }

    /// <summary>How many slow steps there have been.</summary>
    public long SlowCount => Volatile.Read(ref _slowCount);

    /// <summary>A step begins, or a part of one; on the loop's thread.</summary>
    /// <param name="step">The step, or null if it will say what it is by <see cref="Name"/>.</param>
    /// <returns>The step around it, which <see cref="Leave"/> goes back to.</returns>
    public Outer Enter(IStep? step)
    {
        if (Slow is null)
        {
            return default;
        }

        Outer outer = Pause();
        _step = step;
        Begin();
        return outer;
    }

    /// <summary>The step that runs says what it is.</summary>
    public void Name(IStep step) => _step = step;

    /// <summary>The present step ends, and the one around it goes on.</summary>
    public void Leave(Outer outer)
    {
        if (Slow is not null)
        {
            End();
            Resume(outer);
        }
    }

    /// <summary>The present step is going to turn the loop itself: what it has held it for is judged now.</summary>
    public Outer Pause()
    {
        if (Volatile.Read(ref _begunAt) == 0)
        {
            return default;
        }

        var outer = new Outer(_step, IsRunning: true);
        End();
        return outer;
    }

    /// <summary>A step goes on after it was paused; its time begins anew.</summary>
    public void Resume(Outer outer)
    {
        _step = outer.Step;
        if (outer.IsRunning)
        {
            Begin();
        }
    }

    private void Begin()
    {
        _stepCount++;
        Volatile.Write(ref _begunAt, clock.GetTimestamp());
        if (!_isTicking)
        {
            lock (_gate)
            {
                _isTicking = true;
                _timer ??= clock.CreateTimer(
                    static self => ((StepWatch)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                ChangeTimerNeedsGate();
            }
        }
    }

    private void End()
    {
        long begun = Volatile.Read(ref _begunAt);
        if (begun == 0)
        {
            return;
        }

        Volatile.Write(ref _begunAt, 0);
        TimeSpan elapsed = clock.GetElapsedTime(begun);
        if (elapsed.Ticks >= Volatile.Read(ref _limitTicks))
        {
            Report(begun, new SlowStep(_step, elapsed, IsOver: true));
        }

        _step = null;
    }

    private void Tick()
    {
        long begun = Volatile.Read(ref _begunAt);
        IStep? step = _step;
        lock (_gate)
        {
            bool isIdle = begun == 0 && _seenCount == Volatile.Read(ref _stepCount);
            _seenCount = Volatile.Read(ref _stepCount);
            if (isIdle)
            {
                // A step that begins right now sees that it has to start the timer, or is seen below.
                _isTicking = false;
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _begunAt) != 0)
                {
                    _isTicking = true;
                    ChangeTimerNeedsGate();
                }
            }
        }

        if (begun == 0)
        {
            return;
        }

        if (IsHalted?.Invoke() == true)
        {
            lock (_gate)
            {
                _reported = begun;
            }
        }

        TimeSpan elapsed = clock.GetElapsedTime(begun);
        if (elapsed.Ticks >= Volatile.Read(ref _limitTicks) && Volatile.Read(ref _begunAt) == begun)
        {
            Report(begun, new SlowStep(step, elapsed, IsOver: false));
        }
    }

    private void Report(long begun, SlowStep slow)
    {
        lock (_gate)
        {
            if (_reported == begun)
            {
                return;
            }

            _reported = begun;
        }

        Interlocked.Increment(ref _slowCount);
        Slow?.Invoke(slow);
    }

    private void ChangeTimerNeedsGate()
    {
        TimeSpan tick = Limit / 4;
        tick = tick < ShortestTick ? ShortestTick : tick;
        _timer!.Change(tick, tick);
    }

    /// <summary>The step around another.</summary>
    /// <param name="Step">The step itself.</param>
    /// <param name="IsRunning">Whether there is such a step.</param>
    internal readonly record struct Outer(IStep? Step, bool IsRunning);
}
