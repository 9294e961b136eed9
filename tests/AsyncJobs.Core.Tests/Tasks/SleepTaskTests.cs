namespace AsyncJobs.Core.Tests;

public sealed class SleepTaskTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TaskRegistry _registry = new();
    private readonly EventLoop _loop;

    public SleepTaskTests() => _loop = new EventLoop(_clock);

    [Fact]
    public void Sleep_ForATime_EndsWhenItIsOver()
    {
        SleepTask task = Start(TimeSpan.FromSeconds(2), "slept");
        Assert.Equal((AsyncState.Running, 1, 1), (task.State, task.Attempts, _registry.PendingCount));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(task.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("slept", task.GetResult());
        Assert.Equal(TimeSpan.FromSeconds(2), task.Duration);
        Assert.Equal((0, 0), (_clock.TimerCount, _registry.PendingCount));
    }

    [Fact]
    public void Sleep_OfNoTime_EndsInTheNextTurn_BehindWhatIsReady()
    {
        var order = new List<string>();
        _loop.Post(() => order.Add("first"));
        SleepTask task = Start(TimeSpan.Zero);
        task.AddDoneCallback(_ => order.Add("slept"));
        Assert.False(task.IsCompleted);
        Assert.Equal(0, _clock.TimerCount);

        _loop.RunUntil(() => order.Count == 2, CancellationToken.None);
        Assert.Equal(["first", "slept"], order);
    }

    [Fact]
    public void Cancel_StopsItAtOnce_AndItsTimer()
    {
        SleepTask task = Start(TimeSpan.FromSeconds(2));

        Assert.True(task.Cancel("no more"));

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.Contains("no more", task.Exception!.Message, StringComparison.Ordinal);
        Assert.Equal(0, _clock.TimerCount);
        Assert.False(task.Cancel());
    }

    [Fact]
    public void Cancel_OfNoTime_StopsItAtOnce_AndTheTurnChangesNothing()
    {
        SleepTask task = Start(TimeSpan.Zero);
        task.Cancel();

        _loop.RunUntil(() => _loop.ReadyCount == 0, CancellationToken.None);
        Assert.Equal(AsyncState.Stopped, task.State);
    }

    [Fact]
    public void Group_ThatIsStopping_StopsItBeforeItBegins()
    {
        var group = new AsyncTaskGroup(_loop, new ScriptParent(_loop), name: null);
        group.Abandon();

        var task = new SleepTask(_loop, TimeSpan.FromSeconds(2), result: null, new TaskOptions { Group = group }, _registry);

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.Equal((0, 0), (task.Attempts, _clock.TimerCount));
    }

    [Fact]
    public void Suits_OnlyWhereNothingBoundsIt()
    {
        Assert.True(SleepTask.Suits(TimeSpan.FromDays(1), new TaskOptions { Name = "n", Origin = "o" }));
        Assert.False(SleepTask.Suits(TimeSpan.FromDays(50), new TaskOptions()));
        Assert.False(SleepTask.Suits(TimeSpan.Zero, new TaskOptions { Timeout = TimeSpan.FromSeconds(1) }));
        Assert.False(SleepTask.Suits(TimeSpan.Zero, new TaskOptions { Throttle = new AsyncSemaphore(1) }));
    }

    private SleepTask Start(TimeSpan delay, object? result = null) => new(_loop, delay, result, new TaskOptions(), _registry);
}
