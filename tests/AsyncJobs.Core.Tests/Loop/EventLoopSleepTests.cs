namespace AsyncJobs.Core.Tests;

public class EventLoopSleepTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly EventLoop _loop;

    public EventLoopSleepTests() => _loop = new EventLoop(_clock);

    [Fact]
    public void TimerCount_SetFiredAndTakenBack_CountsThoseThatMayStillRun()
    {
        IDisposable taken = _loop.CallLater(TimeSpan.FromSeconds(1), () => { });
        _loop.CallLater(TimeSpan.FromSeconds(1), () => { });
        _loop.CallLaterInBackground(TimeSpan.FromSeconds(1), () => { });
        Assert.Equal(2, _loop.TimerCount);

        taken.Dispose();
        taken.Dispose();
        Assert.Equal(1, _loop.TimerCount);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _loop.TimerCount);
        _loop.TurnUntilIdle();
        Assert.Equal(0, _loop.TimerCount);
    }

    [Fact]
    public void GoingToSleep_NothingToDo_IsCalledAndMayEndTheTurn()
    {
        int ran = 0;
        _loop.Post(() => ran++);
        _loop.GoingToSleep = () => throw new AsyncDeadlockException("nothing is left");

        Assert.Throws<AsyncDeadlockException>(() => _loop.TurnUntil(() => false));
        Assert.Equal(1, ran);
        Assert.False(_loop.IsRunning);
    }

    [Fact]
    public void IsAsleep_SleepingThenWoken_FollowsAtOnce()
    {
        bool isDone = false;
        OtherThread turning = OtherThread.Start(() => _loop.TurnUntil(() => Volatile.Read(ref isDone)));
        Limit.Until(() => _loop.IsAsleep);

        Volatile.Write(ref isDone, true);
        _loop.Wake();
        turning.Join();
        Assert.False(_loop.IsAsleep);
        Assert.True(_loop.IsQuiet);
    }

    [Fact]
    public async Task UnsettledCount_TaskEnds_IsLoweredAfterThoseWhoWaitWereTold()
    {
        var registry = new TaskRegistry();
        var work = new TaskCompletionSource<object?>();
        AsyncTask task = new TaskRunner(_loop, registry).Start(AsyncTaskKind.IO, (_, _) => work.Task, new TaskOptions());
        int seen = -1;
        task.OnCompleted(_ => seen = registry.UnsettledCount);
        var settled = new TaskCompletionSource();
        registry.TaskSettled = settled.SetResult;

        work.SetResult(1);
        await settled.Task.Within();
        Assert.Equal((1, 0, 0), (seen, registry.UnsettledCount, registry.PendingCount));
    }
}
