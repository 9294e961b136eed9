namespace AsyncJobs.Core.Tests;

public class GatherFutureTests
{
    private readonly EventLoop _loop = new();
    private readonly Future[] _children;

    public GatherFutureTests() => _children = [new(_loop, "a"), new(_loop, "b"), new(_loop, "c")];

    [Fact]
    public void New_NoChildren_IsCompleted()
    {
        var gathering = new GatherFuture(_loop, [], returnExceptions: false);

        Assert.Equal(AsyncState.Completed, gathering.State);
        Assert.Equal(0, gathering.DoneCount);
    }

    [Fact]
    public void New_AllDone_IsCompleted()
    {
        CompleteAll();

        Assert.Equal(AsyncState.Completed, Gather().State);
    }

    [Fact]
    public void State_ChildrenComplete_CompletesWithTheLast()
    {
        GatherFuture gathering = Gather();

        _children[2].SetResult(3);
        _children[0].SetResult(1);
        Assert.Equal(AsyncState.Running, gathering.State);
        Assert.Equal(2, gathering.DoneCount);

        _children[1].SetResult(2);
        Assert.Equal(AsyncState.Completed, gathering.State);
        Assert.Equal(3, gathering.DoneCount);
        Assert.Null(gathering.FirstFailed);
    }

    [Fact]
    public void State_ChildFails_FailsAtOnceAndTheOthersGoOn()
    {
        GatherFuture gathering = Gather();
        var thrown = new IOException("gone");

        _children[1].SetException(thrown);

        Assert.Equal(AsyncState.Failed, gathering.State);
        Assert.Same(thrown, gathering.Exception);
        Assert.Same(_children[1], gathering.FirstFailed);
        Assert.False(_children[0].IsCompleted || _children[2].IsCompleted);
    }

    [Fact]
    public void StopAll_ChildThatEndsLater_IsWaitedFor()
    {
        var slow = new SlowToStop(_loop);
        var gathering = new GatherFuture(_loop, [_children[0], slow], returnExceptions: false);

        Assert.True(gathering.StopAll("late"));
        Assert.True(_children[0].IsCanceled);
        Assert.Equal("late", slow.Reason);
        Assert.Equal(AsyncState.Running, gathering.State);

        slow.SetResult(2);
        Assert.Equal(AsyncState.Failed, gathering.State);
        Assert.Same(_children[0], gathering.FirstFailed);
        Assert.False(gathering.IsCancellationRequested);
    }

    [Fact]
    public void StopAll_Done_SaysSo()
    {
        GatherFuture gathering = Gather();
        CompleteAll();

        Assert.False(gathering.StopAll("late"));
        Assert.Equal(AsyncState.Completed, gathering.State);
    }

    [Fact]
    public void FirstFailed_SeveralFail_IsTheFirst()
    {
        GatherFuture gathering = Gather();

        _children[2].SetException(new IOException("first"));
        _children[0].SetException(new IOException("second"));
        _children[1].SetResult(null);

        Assert.Same(_children[2], gathering.FirstFailed);
        Assert.Equal("first", gathering.Exception!.Message);
        Assert.Equal(3, gathering.DoneCount);
    }

    [Fact]
    public void State_ReturnExceptions_WaitsForAllAndCompletes()
    {
        GatherFuture gathering = Gather(returnExceptions: true);

        _children[0].SetException(new IOException());
        _children[1].Cancel();
        Assert.Equal(AsyncState.Running, gathering.State);

        _children[2].SetResult(null);
        Assert.Equal(AsyncState.Completed, gathering.State);
    }

    [Fact]
    public void New_SameChildTwice_CountsTwice()
    {
        var gathering = new GatherFuture(_loop, [_children[0], _children[0]], returnExceptions: false);

        _children[0].SetResult(1);

        Assert.Equal(AsyncState.Completed, gathering.State);
        Assert.Equal(2, gathering.DoneCount);
    }

    [Fact]
    public void New_ChildFailsLater_CountsAsLookedAt()
    {
        Gather();

        _children[0].SetException(new IOException());

        Assert.True(_children[0].IsObserved);
    }

    [Fact]
    public void Cancel_Pending_StopsEveryChildAndEnds()
    {
        GatherFuture gathering = Gather();
        _children[0].SetResult(1);

        Assert.True(gathering.Cancel("enough"));

        Assert.Equal(AsyncState.Completed, _children[0].State);
        Assert.All(_children[1..], child => Assert.Contains("enough", child.Exception!.Message));
        Assert.ThrowsAny<OperationCanceledException>(() => gathering.GetResult());
    }

    [Fact]
    public void Cancel_ReturnExceptions_IsStoppedAndNotAResult()
    {
        GatherFuture gathering = Gather(returnExceptions: true);
        _children[0].SetResult(1);

        Assert.True(gathering.Cancel("enough"));

        Assert.Equal(AsyncState.Stopped, gathering.State);
        Assert.Contains("enough", gathering.Exception!.Message);
    }

    [Fact]
    public async Task Cancel_ChildrenTakeTheirTime_EndsWithTheLastOfThem()
    {
        var isAllowedToEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runner = new TaskRunner(_loop, registry: null);
        AsyncTask slow = runner.Start(
            AsyncTaskKind.IO,
            async (_, stop) =>
            {
                await isAllowedToEnd.Task;
                stop.ThrowIfCancellationRequested();
                return null;
            },
            new TaskOptions());
        var gathering = new GatherFuture(_loop, [_children[0], slow], returnExceptions: true);

        gathering.Cancel();
        Assert.True(_children[0].IsCanceled);
        Assert.False(gathering.IsCompleted);

        Task ended = gathering.EndWithin();
        isAllowedToEnd.SetResult();
        await ended;
        Assert.Equal((AsyncState.Stopped, AsyncState.Stopped), (gathering.State, slow.State));
    }

    [Fact]
    public void Cancel_InACallbackOfTheLastChild_IsFalse()
    {
        GatherFuture gathering = Gather();
        bool? wasCancelled = null;
        _children[2].AddDoneCallback(_ => wasCancelled = gathering.Cancel());

        CompleteAll();
        _loop.TurnUntilIdle();

        Assert.False(wasCancelled);
        Assert.Equal(AsyncState.Completed, gathering.State);
    }

    [Fact]
    public void State_ChildCancelled_FailsWithTheCancellation()
    {
        GatherFuture gathering = Gather();

        _children[1].Cancel("not needed");

        Assert.Equal(AsyncState.Failed, gathering.State);
        Assert.IsType<OperationCanceledException>(gathering.Exception);
        Assert.False(_children[0].IsCompleted || _children[2].IsCompleted);
    }

    [Fact]
    public void Cancel_Done_IsFalse()
    {
        CompleteAll();

        Assert.False(Gather().Cancel());
    }

    [Fact]
    public void State_FailureRacingTheLastResult_AlwaysFails() => Race.Run(20_000, 2, () =>
    {
        var fails = new Future(_loop);
        var completes = new Future(_loop);
        var thrown = new IOException();
        var gathering = new GatherFuture(_loop, [fails, completes], returnExceptions: false);
        return new Round(
            () =>
            {
                Assert.Equal(AsyncState.Failed, gathering.State);
                Assert.Same(fails, gathering.FirstFailed);
                Assert.Equal(2, gathering.DoneCount);
            },
            () => fails.SetException(thrown),
            () => completes.SetResult(null));
    });

    private GatherFuture Gather(bool returnExceptions = false) => new(_loop, _children, returnExceptions);

    private void CompleteAll() => Array.ForEach(_children, child => child.SetResult(null));

    /// <summary>A future that is told to stop and goes on.</summary>
    private sealed class SlowToStop(EventLoop loop) : Future(loop)
    {
        public string? Reason { get; private set; }

        public override bool Cancel(string? reason)
        {
            Reason = reason;
            return true;
        }
    }
}
