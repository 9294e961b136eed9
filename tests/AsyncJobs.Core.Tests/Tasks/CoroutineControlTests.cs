namespace AsyncJobs.Core.Tests;

public sealed class CoroutineControlTests
{
    private readonly EventLoop _loop = new();

    [Fact]
    public void WaitAsync_FinishedFuture_GoesOnAtOnce()
    {
        var future = new Future(_loop);
        future.SetResult(1);
        Assert.True(new CoroutineControl(_loop).WaitAsync(future, _ => true).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void WaitAsync_CompletedLater_ResumesOnTheLoopOnly()
    {
        var future = new Future(_loop);
        Task waiting = new CoroutineControl(_loop).WaitAsync(future, _ => true).AsTask();
        future.SetResult(1);
        Assert.False(waiting.IsCompleted);
        _loop.RunUntil(() => waiting.IsCompleted, CancellationToken.None);
    }

    [Fact]
    public void Cancel_WhileWaiting_CancelsWhatIsAwaited_EachTime()
    {
        var control = new CoroutineControl(_loop);
        var reasons = new List<string?>();
        var future = new Future(_loop);
        Task waiting = control.WaitAsync(future, given => { reasons.Add(given); return true; }).AsTask();
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
        var control = new CoroutineControl(_loop);
        control.Cancel("early");
        _loop.RunUntil(() => _loop.ReadyCount == 0, CancellationToken.None);
        var done = new Future(_loop);
        done.SetResult(1);
        string? reason = null;
        _ = control.WaitAsync(done, given => { reason = given; return true; }).AsTask();
        Assert.Null(reason);
        _ = control.WaitAsync(new Future(_loop), given => { reason = given; return true; }).AsTask();
        Assert.Equal("early", reason);
    }
}
