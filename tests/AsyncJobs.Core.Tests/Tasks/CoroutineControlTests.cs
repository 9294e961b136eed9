namespace AsyncJobs.Core.Tests;

public sealed class CoroutineControlTests
{
    private readonly EventLoop _loop = new();

    [Fact]
    public void WaitAsync_FinishedFuture_GoesOnAtOnce()
    {
        var future = new Future(_loop);
        future.SetResult(1);
        Assert.True(Wait(NewControl(), future).IsCompletedSuccessfully);
    }

    [Fact]
    public void WaitAsync_CompletedLater_ResumesOnTheLoopOnly()
    {
        var future = new Future(_loop);
        Task waiting = Wait(NewControl(), future, _ => true);
        future.SetResult(1);
        Assert.False(waiting.IsCompleted);
        _loop.RunUntil(() => waiting.IsCompleted, CancellationToken.None);
    }

    [Fact]
    public void Cancel_WhileWaiting_CancelsWhatIsAwaited_EachTime()
    {
        var control = NewControl();
        var reasons = new List<string?>();
        var future = new Future(_loop);
        Task waiting = Wait(control, future, given => { reasons.Add(given); return true; });
        control.Cancel("a");
        _loop.RunUntil(() => reasons.Count == 1, CancellationToken.None);
        control.Cancel("b");
        _loop.RunUntil(() => reasons.Count == 2, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        future.SetResult(1);
        _loop.RunUntil(() => waiting.IsCompleted, CancellationToken.None);
        Assert.Equal(["a", "b"], reasons);
    }

    [Fact]
    public void Cancel_BetweenWaits_CancelsTheNextThatSuspends()
    {
        var control = NewControl();
        control.Cancel("early");
        _loop.RunUntil(() => _loop.ReadyCount == 0, CancellationToken.None);
        var done = new Future(_loop);
        done.SetResult(1);
        string? reason = null;
        _ = Wait(control, done, given => { reason = given; return true; });
        Assert.Null(reason);
        _ = Wait(control, new Future(_loop), given => { reason = given; return true; });
        Assert.Equal("early", reason);
    }

    [Fact]
    public async Task Cancel_WhileWaitingWithNothingElseSaid_CancelsTheFuture()
    {
        var control = NewControl();
        var future = new Future(_loop);
        Task<bool> waiting = Wait(control, future);
        control.Cancel("enough");
        _loop.RunUntil(() => waiting.IsCompleted, CancellationToken.None);
        Assert.True(future.IsCanceled);
        Assert.False(await waiting);
    }

    [Fact]
    public async Task Cancel_BetweenTheEndOfAWaitAndTheNextStep_IsToldOfThere()
    {
        var control = NewControl();
        var future = new Future(_loop);
        Task<bool> waiting = Wait(control, future);
        future.SetResult(1);
        control.Cancel("late");
        _loop.RunUntil(() => waiting.IsCompleted, CancellationToken.None);
        Assert.True(await waiting);
        Assert.Equal("late", control.Reason);
    }

    [Fact]
    public async Task Cancel_ThatComesBackToIt_EndsTheWait()
    {
        var control = NewControl();
        var future = new Future(_loop);
        Task<bool> waiting = Wait(control, future, reason => { control.Cancel(reason); return true; });
        control.Cancel("circle");
        _loop.RunUntil(() => waiting.IsCompleted, CancellationToken.None);
        Assert.True(await waiting);
        future.SetResult(1);
        _loop.RunUntil(() => _loop.ReadyCount == 0, CancellationToken.None);
    }

    [Fact]
    public async Task Cancel_BeforeAWaitThatComesBackToIt_EndsIt()
    {
        var control = NewControl();
        control.Cancel("early");
        Task<bool> waiting = Wait(control, new Future(_loop), reason => { control.Cancel(reason); return true; });
        _loop.RunUntil(() => waiting.IsCompleted, CancellationToken.None);
        Assert.True(await waiting);
    }

    private CoroutineControl NewControl() =>
        new(new TaskRunner(_loop, registry: null).MakePlain(AsyncTaskKind.Coroutine, new TaskOptions(), input: null, streams: null));

    private static async Task<bool> Wait(CoroutineControl control, Future future, Func<string?, bool>? cancelWait = null) =>
        await control.WaitAsync(future, cancelWait);
}
