namespace AsyncJobs.Core.Tests;

public class CompletionsTests
{
    private readonly EventLoop _loop = new();
    private readonly Future[] _futures;

    public CompletionsTests() => _futures = [new(_loop, "a"), new(_loop, "b"), new(_loop, "c")];

    [Fact]
    public void New_SomeDone_TellsThemAtOnce()
    {
        _futures[1].SetException(new IOException());

        using var completions = new Completions(_loop, _futures);

        Assert.Equal(1, completions.DoneCount);
        Assert.Same(_futures[1], completions.First);
        Assert.Same(_futures[1], completions.FirstFailed);
        Assert.All(_futures, future => Assert.True(future.IsObserved));
    }

    [Fact]
    public void DoneCount_FutureEnds_ChangesOnTheLoopOnly()
    {
        using var completions = new Completions(_loop, _futures);

        _futures[2].SetResult(null);
        Assert.Equal(0, completions.DoneCount);
        Assert.Null(completions.First);

        _loop.TurnUntilIdle();
        Assert.Equal(1, completions.DoneCount);
        Assert.Same(_futures[2], completions.First);
        Assert.Null(completions.FirstFailed);
    }

    [Fact]
    public void DoneCount_AllEnd_IsTheNumberOfThem()
    {
        using var completions = new Completions(_loop, _futures);

        Array.ForEach(_futures, future => future.SetResult(null));
        _loop.TurnUntilIdle();

        Assert.Equal(3, completions.DoneCount);
        Assert.Same(_futures[0], completions.First);
    }

    [Fact]
    public void DoneCount_FutureGivenTwice_CountsTwice()
    {
        using var completions = new Completions(_loop, [_futures[0], _futures[0]]);

        _futures[0].SetResult(null);
        _loop.TurnUntilIdle();

        Assert.Equal(2, completions.DoneCount);
    }

    [Fact]
    public void FirstFailed_FailureInTheMiddle_IsToldAtOnce()
    {
        using var completions = new Completions(_loop, _futures);

        _futures[0].SetResult(null);
        _futures[1].SetException(new IOException());
        _loop.TurnUntilIdle();

        Assert.Same(_futures[0], completions.First);
        Assert.Same(_futures[1], completions.FirstFailed);
    }

    [Fact]
    public void FirstFailed_OneCancelled_IsNone()
    {
        using var completions = new Completions(_loop, _futures);

        _futures[0].Cancel();
        _loop.TurnUntilIdle();

        Assert.Same(_futures[0], completions.First);
        Assert.Null(completions.FirstFailed);
    }

    [Fact]
    public void DoneCount_EarlierCallbacks_HaveRunWhenItChanges()
    {
        bool hasRun = false;
        _futures[0].AddDoneCallback(_ => hasRun = true);
        using var completions = new Completions(_loop, _futures);

        _futures[0].SetResult(null);
        _loop.TurnUntil(() => completions.DoneCount == 1);

        Assert.True(hasRun);
    }

    [Fact]
    public void Dispose_FutureEndsAfter_IsNotTold()
    {
        var completions = new Completions(_loop, _futures);

        completions.Dispose();
        _futures[0].SetResult(null);

        Assert.Equal(0, _loop.ReadyCount);
    }

    [Fact]
    public void DoneCount_FuturesEndOnOtherThreads_ReachesAll() => Race.Run(5_000, 3, () =>
    {
        Future[] futures = [new(_loop), new(_loop)];
        var thrown = new IOException();
        var completions = new Completions(_loop, futures);
        return new Round(
            () =>
            {
                Assert.Equal(2, completions.DoneCount);
                Assert.Same(futures[1], completions.FirstFailed);
                completions.Dispose();
            },
            () => _loop.TurnUntil(() => completions.DoneCount == 2),
            () => futures[0].SetResult(null),
            () => futures[1].SetException(thrown));
    });
}
