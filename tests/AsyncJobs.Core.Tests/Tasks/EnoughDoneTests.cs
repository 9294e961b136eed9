namespace AsyncJobs.Core.Tests;

public class EnoughDoneTests
{
    private readonly EventLoop _loop = new();
    private readonly Future[] _futures;

    public EnoughDoneTests() => _futures = [new(_loop, "a"), new(_loop, "b"), new(_loop, "c")];

    [Fact]
    public void All_SomeEnd_GoesOnUntilTheLast()
    {
        EnoughDone all = When(EnoughWhen.All);

        _futures[0].SetException(new IOException());
        _futures[1].SetResult(null);
        Assert.False(all.IsCompleted);

        _futures[2].Cancel();
        Assert.Equal(AsyncState.Completed, all.State);
        Assert.Null(all.Deciding);
        Assert.All(_futures, future => Assert.True(future.IsObserved));
    }

    [Fact]
    public void All_FutureGivenTwice_EndsWithIt()
    {
        var all = new EnoughDone(_loop, [_futures[0], _futures[0]], EnoughWhen.All);

        _futures[0].SetResult(null);

        Assert.True(all.IsCompleted);
    }

    [Theory]
    [InlineData((int)EnoughWhen.All)]
    [InlineData((int)EnoughWhen.Any)]
    [InlineData((int)EnoughWhen.FirstError)]
    public void New_NoFutures_IsDone(int when) => Assert.True(new EnoughDone(_loop, [], (EnoughWhen)when).IsCompleted);

    [Fact]
    public void Any_OneEnds_IsDoneAndSaysWhich()
    {
        EnoughDone any = When(EnoughWhen.Any);

        _futures[2].SetResult(null);

        Assert.True(any.IsCompleted);
        Assert.Same(_futures[2], any.Deciding);
    }

    [Fact]
    public void Any_OneDoneBefore_IsDoneAtOnce()
    {
        _futures[1].SetException(new IOException());

        EnoughDone any = When(EnoughWhen.Any);

        Assert.Same(_futures[1], any.Deciding);
        _futures[0].SetResult(null);
        Assert.Same(_futures[1], any.Deciding);
    }

    [Fact]
    public void FirstError_FailureInTheMiddle_IsDoneAndSaysWhich()
    {
        EnoughDone firstError = When(EnoughWhen.FirstError);

        _futures[0].SetResult(null);
        Assert.False(firstError.IsCompleted);

        _futures[1].SetException(new IOException());
        Assert.True(firstError.IsCompleted);
        Assert.Same(_futures[1], firstError.Deciding);
    }

    [Fact]
    public void FirstError_OneCancelled_GoesOn()
    {
        EnoughDone firstError = When(EnoughWhen.FirstError);

        _futures[0].Cancel();

        Assert.False(firstError.IsCompleted);
    }

    [Fact]
    public void Cancel_FuturesPending_ReachesNoneOfThem()
    {
        EnoughDone all = When(EnoughWhen.All);

        all.Cancel();

        Assert.True(all.IsCanceled);
        Assert.All(_futures, future => Assert.False(future.IsCompleted));
    }

    [Fact]
    public void Deciding_FuturesEndOnOtherThreads_IsTheOneThatFailed() => Race.Run(5_000, 2, () =>
    {
        Future[] futures = [new(_loop), new(_loop)];
        var thrown = new IOException();
        var firstError = new EnoughDone(_loop, futures, EnoughWhen.FirstError);
        return new Round(
            () =>
            {
                Assert.True(firstError.IsCompleted);
                Assert.Same(futures[1], firstError.Deciding);
            },
            () => futures[0].SetResult(null),
            () => futures[1].SetException(thrown));
    });

    private EnoughDone When(EnoughWhen when) => new(_loop, _futures, when);
}
