namespace AsyncJobs.Core.Tests;

public class StepWatchTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly StepWatch _watch;
    private readonly List<SlowStep> _slow = [];

    public StepWatchTests() => _watch = new StepWatch(_clock) { Slow = _slow.Add, Limit = Second };

    [Fact]
    public void Step_Short_IsNotReported()
    {
        StepWatch.Outer outer = _watch.Enter(step: null);
        _clock.Advance(0.9 * Second);
        _watch.Leave(outer);
        _clock.Advance(10 * Second);

        Assert.Empty(_slow);
        Assert.Equal(0, _watch.SlowCount);
    }

    [Fact]
    public void Step_StillRunning_IsReportedOnceWithItsName()
    {
        var step = new Step("x");
        StepWatch.Outer outer = _watch.Enter(step: null);
        _watch.Name(step);
        _clock.Advance(3 * Second);
        _watch.Leave(outer);

        SlowStep slow = Assert.Single(_slow);
        Assert.Same(step, slow.Step);
        Assert.False(slow.IsOver);
        Assert.InRange(slow.Elapsed, Second, 1.5 * Second);
        Assert.Equal(1, _watch.SlowCount);
    }

    [Fact]
    public void Step_Halted_IsNotReported()
    {
        bool isHalted = true;
        _watch.IsHalted = () => isHalted;
        StepWatch.Outer outer = _watch.Enter(step: null);
        _clock.Advance(3 * Second);
        isHalted = false;
        _clock.Advance(3 * Second);
        _watch.Leave(outer);
        Assert.Empty(_slow);

        outer = _watch.Enter(step: null);
        _clock.Advance(3 * Second);
        _watch.Leave(outer);
        Assert.Single(_slow);
    }

    [Fact]
    public void Step_OverBeforeATickSaw_IsReportedAtItsEnd()
    {
        // The second step runs over between two ticks of the first one's timer.
        _watch.Leave(_watch.Enter(step: null));
        _clock.Advance(0.24 * Second);
        _watch.Limit = TimeSpan.FromMilliseconds(5);
        StepWatch.Outer outer = _watch.Enter(new Step("y"));
        _clock.Advance(TimeSpan.FromMilliseconds(7));
        _watch.Leave(outer);

        SlowStep slow = Assert.Single(_slow);
        Assert.True(slow.IsOver);
        Assert.Equal("y", slow.Step!.Subject);
    }

    [Fact]
    public void Pause_TurnsTheLoopItself_ThatTimeDoesNotCount()
    {
        StepWatch.Outer outer = _watch.Enter(new Step("outer"));
        _clock.Advance(0.6 * Second);
        StepWatch.Outer turning = _watch.Pause();
        _clock.Advance(10 * Second);
        _watch.Resume(turning);
        _clock.Advance(0.6 * Second);
        Assert.Empty(_slow);

        _clock.Advance(Second);
        _watch.Leave(outer);
        Assert.Equal("outer", Assert.Single(_slow).Step!.Subject);
    }

    [Fact]
    public void Enter_InsideAStep_BothAreJudgedAlone()
    {
        StepWatch.Outer first = _watch.Enter(new Step("outer"));
        _clock.Advance(0.6 * Second);
        StepWatch.Outer second = _watch.Enter(new Step("inner"));
        _clock.Advance(0.6 * Second);
        _watch.Leave(second);
        _clock.Advance(0.6 * Second);
        _watch.Leave(first);

        Assert.Empty(_slow);
    }

    [Fact]
    public void Timer_NothingRuns_Stops()
    {
        _watch.Leave(_watch.Enter(step: null));
        Assert.Equal(1, _clock.TimerCount);

        _clock.Advance(Second);
        Assert.Equal(0, _clock.TimerCount);

        // And starts again.
        StepWatch.Outer outer = _watch.Enter(step: null);
        _clock.Advance(2 * Second);
        _watch.Leave(outer);
        _ = Assert.Single(_slow);
    }

    [Fact]
    public void Watch_Off_DoesNothing()
    {
        _watch.Slow = null;
        StepWatch.Outer outer = _watch.Enter(new Step("x"));
        Assert.Equal(0, _clock.TimerCount);
        _watch.Leave(outer);
    }

    [Fact]
    public void Loop_CallbackHoldsIt_IsReported()
    {
        var loop = new EventLoop(_clock);
        loop.Steps.Slow = _slow.Add;
        loop.Post(() =>
        {
            loop.Steps.Name(new Step("callback"));
            _clock.Advance(2 * Second);
        });
        loop.TurnUntilIdle();

        Assert.Equal("callback", Assert.Single(_slow).Step!.Subject);
    }

    [Fact]
    public void Loop_CallbackTurnsIt_IsNotReportedForThat()
    {
        var loop = new EventLoop(_clock);
        loop.Steps.Slow = _slow.Add;
        bool isDone = false;
        loop.Post(() =>
        {
            loop.Post(() => isDone = true);
            loop.TurnUntil(() =>
            {
                _clock.Advance(2 * Second);
                return isDone;
            });
        });
        loop.TurnUntil(() => isDone);

        Assert.Empty(_slow);
    }

    private sealed record Step(string Subject) : IStep
    {
        public string? Position => null;
    }
}
