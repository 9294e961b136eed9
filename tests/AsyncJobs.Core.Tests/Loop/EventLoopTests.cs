namespace AsyncJobs.Core.Tests;

public partial class EventLoopTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly EventLoop _loop;
    private readonly List<string> _log = [];

    public EventLoopTests() => _loop = new EventLoop(_clock);

    [Fact]
    public void Post_SeveralCallbacks_RunInOrder()
    {
        PostAll("a", "b", "c");

        _loop.TurnUntilIdle();

        Assert.Equal(["a", "b", "c"], _log);
        Assert.Equal(3, _loop.CallbackCount);
    }

    [Fact]
    public void Post_DuringPass_RunsInTheNext()
    {
        _loop.Post(() =>
        {
            _log.Add("a");
            PostAll("c");
        });
        PostAll("b");

        _loop.TurnUntil(() =>
        {
            _log.Add("look");
            return _log.Contains("c");
        });

        Assert.Equal(["a", "b", "look", "c", "look"], _log);
    }

    [Fact]
    public void Post_FromCallbackWithoutEnd_DoesNotStarveTheCondition()
    {
        int count = 0;
        void Again()
        {
            count++;
            _loop.Post(Again);
        }

        _loop.Post(Again);
        _loop.TurnUntil(() => count == 1000);

        Assert.Equal(1, _loop.ReadyCount);
    }

    [Fact]
    public void RunUntil_Nested_GoesOnWithTheSameQueue()
    {
        _loop.Post(() =>
        {
            _log.Add("outer begins");
            PostAll("c");
            _loop.TurnUntil(() => _log.Contains("c"));
            _log.Add("outer ends");
        });
        PostAll("a", "b");

        _loop.TurnUntilIdle();

        Assert.Equal(["outer begins", "a", "b", "c", "outer ends"], _log);
    }

    [Fact]
    public void RunUntil_NestedLeavesCallbacks_OuterRunsThem()
    {
        using var stop = new CancellationTokenSource();
        _loop.Post(() =>
        {
            _loop.Post(stop.Cancel);
            PostAll("left");
            Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(() => false, stop.Token));
            _log.Add("nested ended");
        });

        _loop.TurnUntilIdle();

        Assert.Equal(["nested ended", "left"], _log);
    }

    [Fact]
    public void RunUntil_CancelledToken_RunsNothing()
    {
        PostAll("a");

        Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(() => true, new CancellationToken(canceled: true)));

        Assert.Empty(_log);
        Assert.Equal(1, _loop.ReadyCount);
    }

    [Fact]
    public void RunUntil_CancelledInMidPass_EndsAtOnceAndLosesNoCallback()
    {
        using var stop = new CancellationTokenSource();
        PostAll("a");
        _loop.Post(stop.Cancel);
        PostAll("b", "c");

        Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(() => false, stop.Token));
        Assert.Equal(["a"], _log);
        Assert.Equal(2, _loop.ReadyCount);

        PostAll("d");
        _loop.TurnUntilIdle();
        Assert.Equal(["a", "b", "c", "d"], _log);
    }

    [Fact]
    public void RunUntil_CancelledWhileANestedTurnSleptAndWoke_EndsAfterTheNestedTurn()
    {
        // The nested turn is the one that takes the wake-up of the outer's cancellation.
        using var stop = new CancellationTokenSource();
        _loop.Post(() =>
        {
            stop.Cancel();
            int looks = 0;
            _loop.TurnUntil(() => ++looks == 2);
            _log.Add("nested ended");
        });

        // A side thread, so that a lost cancellation fails the test instead of hanging it.
        OtherThread.Start(() => Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(() => false, stop.Token))).Join();

        Assert.Equal(["nested ended"], _log);
        Assert.False(_loop.IsRunning);
    }

    [Fact]
    public void RunUntil_FutureAlreadyDone_ReturnsAtOnce()
    {
        var future = new Future(_loop);
        future.SetResult(1);

        _loop.TurnUntil(future);

        Assert.False(_loop.IsRunning);
    }

    [Fact]
    public void RunUntil_FutureFails_ThrowsNothing()
    {
        var future = new Future(_loop);
        _loop.Post(() => future.SetException(new IOException("gone")));

        _loop.TurnUntil(future);

        Assert.True(future.IsFaulted);
    }

    [Fact]
    public void RunUntil_FutureWithEarlierCallbacks_HasRunThemBefore()
    {
        var future = new Future(_loop);
        future.AddDoneCallback(_ => _log.Add("callback"));
        _loop.Post(() => future.SetResult(null));

        _loop.TurnUntil(future);

        Assert.Equal(["callback"], _log);
    }

    [Fact]
    public void RunUntil_CancelledBeforeTheFuture_LeavesItPending()
    {
        using var stop = new CancellationTokenSource();
        var future = new Future(_loop);
        _loop.Post(stop.Cancel);

        Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(future, stop.Token));

        Assert.Equal(AsyncState.Running, future.State);
    }

    [Fact]
    public void RunUntil_ConditionThrows_LetsTheLoopTurnAgain()
    {
        Assert.Throws<IOException>(() => _loop.RunUntil(() => throw new IOException(), CancellationToken.None));

        PostAll("a");
        _loop.TurnUntilIdle();

        Assert.Equal(["a"], _log);
    }

    [Fact]
    public void UnhandledError_CallbackThrows_GetsItAndTheLoopGoesOn()
    {
        var errors = new List<Exception>();
        _loop.UnhandledError = errors.Add;
        var thrown = new IOException("boom");

        _loop.Post(() => throw thrown);
        PostAll("next");
        _loop.TurnUntilIdle();

        Assert.Same(thrown, Assert.Single(errors));
        Assert.Equal(["next"], _log);
    }

    [Fact]
    public void UnhandledError_NoHandler_DropsTheErrorAndTheLoopGoesOn()
    {
        _loop.Post(() => throw new IOException("boom"));
        PostAll("next");

        _loop.TurnUntilIdle();

        Assert.Equal(["next"], _log);
    }

    private void PostAll(params string[] names)
    {
        foreach (string name in names)
        {
            _loop.Post(() => _log.Add(name));
        }
    }
}
