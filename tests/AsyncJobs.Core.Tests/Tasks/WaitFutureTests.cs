namespace AsyncJobs.Core.Tests;

public class WaitFutureTests
{
    private readonly EventLoop _loop = new();
    private readonly Future[] _futures;

    public WaitFutureTests() => _futures = [new(_loop, "a"), new(_loop, "b"), new(_loop, "c")];

    [Fact]
    public void AllCompleted_SomeEnd_GoesOnUntilTheLast()
    {
        WaitFuture all = When(ReturnWhen.AllCompleted);

        _futures[0].SetException(new IOException());
        _futures[1].SetResult(null);
        Assert.False(all.IsCompleted);

        _futures[2].Cancel();
        Assert.Equal(AsyncState.Completed, all.State);
        Assert.Null(all.Deciding);
        Assert.All(_futures, future => Assert.True(future.IsObserved));
    }

    [Fact]
    public void AllCompleted_FutureGivenTwice_EndsWithIt()
    {
        var all = new WaitFuture(_loop, [_futures[0], _futures[0]], ReturnWhen.AllCompleted);

        _futures[0].SetResult(null);

        Assert.True(all.IsCompleted);
    }

    [Theory]
    [InlineData((int)ReturnWhen.AllCompleted)]
    [InlineData((int)ReturnWhen.FirstCompleted)]
    [InlineData((int)ReturnWhen.FirstException)]
    public void New_NoFutures_IsDone(int when) => Assert.True(new WaitFuture(_loop, [], (ReturnWhen)when).IsCompleted);

    [Fact]
    public void FirstCompleted_OneEnds_IsDoneAndSaysWhich()
    {
        WaitFuture any = When(ReturnWhen.FirstCompleted);

        _futures[2].SetResult(null);

        Assert.True(any.IsCompleted);
        Assert.Same(_futures[2], any.Deciding);
    }

    [Fact]
    public void FirstCompleted_OneDoneBefore_IsDoneAtOnce()
    {
        _futures[1].SetException(new IOException());

        WaitFuture any = When(ReturnWhen.FirstCompleted);

        Assert.Same(_futures[1], any.Deciding);
        _futures[0].SetResult(null);
        Assert.Same(_futures[1], any.Deciding);
    }

    [Fact]
    public void FirstException_FailureInTheMiddle_IsDoneAndSaysWhich()
    {
        WaitFuture firstException = When(ReturnWhen.FirstException);

        _futures[0].SetResult(null);
        Assert.False(firstException.IsCompleted);

        _futures[1].SetException(new IOException());
        Assert.True(firstException.IsCompleted);
        Assert.Same(_futures[1], firstException.Deciding);
    }

    [Fact]
    public void FirstException_OneCancelled_GoesOn()
    {
        WaitFuture firstException = When(ReturnWhen.FirstException);

        _futures[0].Cancel();

        Assert.False(firstException.IsCompleted);
    }

    [Fact]
    public void Cancel_FuturesPending_ReachesNoneOfThem()
    {
        WaitFuture all = When(ReturnWhen.AllCompleted);

        all.Cancel();

        Assert.True(all.IsCanceled);
        Assert.All(_futures, future => Assert.False(future.IsCompleted));
    }

    [Fact]
    public void Deciding_FuturesEndOnOtherThreads_IsTheOneThatFailed() => Race.Run(5_000, 2, () =>
    {
        Future[] futures = [new(_loop), new(_loop)];
        var thrown = new IOException();
        var firstException = new WaitFuture(_loop, futures, ReturnWhen.FirstException);
        return new Round(
            () =>
            {
                Assert.True(firstException.IsCompleted);
                Assert.Same(futures[1], firstException.Deciding);
            },
            () => futures[0].SetResult(null),
            () => futures[1].SetException(thrown));
    });

    private WaitFuture When(ReturnWhen when) => new(_loop, _futures, when);
}
