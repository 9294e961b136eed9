namespace AsyncJobs.Core.Tests;

public partial class EventLoopTests
{
    [Fact]
    public void CallLater_BeforeItsTime_DoesNotRun()
    {
        _loop.CallLater(TimeSpan.FromSeconds(10), () => _log.Add("late"));

        _clock.Advance(TimeSpan.FromSeconds(9.9));
        _loop.TurnUntilIdle();

        Assert.Empty(_log);
    }

    [Fact]
    public void CallLater_AtItsTime_RunsOnceOnTheLoop()
    {
        _loop.CallLater(TimeSpan.FromSeconds(10), () => _log.Add("late"));

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_log);

        _loop.TurnUntilIdle();
        _clock.Advance(TimeSpan.FromDays(1));
        _loop.TurnUntilIdle();
        Assert.Equal(["late"], _log);
    }

    [Fact]
    public void CallLater_SeveralDelays_RunInDueOrder()
    {
        foreach (int seconds in new[] { 30, 10, 20, 10 })
        {
            _loop.CallLater(TimeSpan.FromSeconds(seconds), () => _log.Add($"{seconds}"));
        }

        _clock.Advance(TimeSpan.FromSeconds(30));
        _loop.TurnUntilIdle();

        Assert.Equal(["10", "10", "20", "30"], _log);
    }

    [Fact]
    public void CallLater_NoDelay_RunsAfterWhatWasPostedBefore()
    {
        PostAll("posted");
        _loop.CallLater(TimeSpan.Zero, () => _log.Add("called"));

        _clock.Advance(TimeSpan.Zero);
        _loop.TurnUntilIdle();

        Assert.Equal(["posted", "called"], _log);
    }

    [Fact]
    public void CallLater_SystemClock_WakesTheSleepingLoop()
    {
        var loop = new EventLoop();
        bool isCalled = false;

        loop.CallLater(TimeSpan.FromMilliseconds(20), () => isCalled = true);
        loop.TurnUntil(() => isCalled);

        // The system's timers go by a clock that is a few milliseconds coarse, and may be early by as much.
        Assert.True(loop.Uptime >= TimeSpan.FromMilliseconds(10), $"called after {loop.Uptime}");
        Assert.InRange(loop.SleepCount, 0, 2);
    }

    [Fact]
    public void CallLater_DisposedBeforeItFires_NeverRuns()
    {
        IDisposable handle = _loop.CallLater(TimeSpan.FromSeconds(1), () => _log.Add("late"));

        handle.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _loop.TurnUntilIdle();

        Assert.Empty(_log);
        Assert.Equal(0, _clock.TimerCount);
    }

    [Fact]
    public void CallLater_DisposedBetweenFiringAndRunning_NeverRuns()
    {
        IDisposable handle = _loop.CallLater(TimeSpan.FromSeconds(1), () => _log.Add("late"));

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _loop.ReadyCount);
        handle.Dispose();
        _loop.TurnUntilIdle();

        Assert.Empty(_log);
    }

    [Fact]
    public void CallLater_DisposedAfterRunning_ChangesNothing()
    {
        IDisposable handle = _loop.CallLater(TimeSpan.FromSeconds(1), () => _log.Add("late"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _loop.TurnUntilIdle();

        handle.Dispose();
        handle.Dispose();

        Assert.Equal(["late"], _log);
    }

    [Fact]
    public void CallLater_NegativeDelay_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.CallLater(TimeSpan.FromTicks(-1), () => { }));

    [Fact]
    public void Uptime_ClockAdvanced_FollowsIt()
    {
        _clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(TimeSpan.FromMinutes(3), _loop.Uptime);
    }
}
