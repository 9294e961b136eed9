namespace AsyncJobs.Core.Tests;

public class CompletionWatchTests
{
    private readonly EventLoop _loop = new();
    private readonly Future _future;

    public CompletionWatchTests() => _future = new(_loop);

    [Fact]
    public void New_FutureDone_TellsAtOnce()
    {
        _future.SetException(new IOException());

        using var watch = new CompletionWatch(_loop, _future);

        Assert.True(watch.IsDone);
        Assert.True(_future.IsObserved);
    }

    [Fact]
    public void IsDone_FutureEnds_ChangesOnTheLoopOnly()
    {
        using var watch = new CompletionWatch(_loop, _future);

        _future.SetResult(null);
        Assert.False(watch.IsDone);

        _loop.TurnUntilIdle();
        Assert.True(watch.IsDone);
    }

    [Fact]
    public void IsDone_EarlierCallbacks_HaveRunWhenItChanges()
    {
        bool hasRun = false;
        _future.AddDoneCallback(_ => hasRun = true);
        using var watch = new CompletionWatch(_loop, _future);

        _future.SetResult(null);
        _loop.TurnUntil(() => watch.IsDone);

        Assert.True(hasRun);
    }

    [Fact]
    public void Dispose_FutureEndsAfter_IsNotTold()
    {
        var watch = new CompletionWatch(_loop, _future);

        watch.Dispose();
        _future.SetResult(null);

        Assert.Equal(0, _loop.ReadyCount);
    }

    [Fact]
    public void IsDone_FutureEndsOnAnotherThread_ReachesTheLoop() => Race.Run(5_000, 2, () =>
    {
        var future = new Future(_loop);
        CompletionWatch? watch = null;
        return new Round(
            () => watch!.Dispose(),
            () =>
            {
                watch = new CompletionWatch(_loop, future);
                _loop.TurnUntil(() => watch.IsDone);
            },
            () => future.SetResult(null));
    });
}
