namespace AsyncJobs.Core.Tests;

public class AsyncTaskGroupTests
{
    private readonly EventLoop _loop = new();
    private readonly TaskRunner _runner;
    private readonly ScriptParent _parent;
    private readonly AsyncTaskGroup _group;

    public AsyncTaskGroupTests()
    {
        _runner = new TaskRunner(_loop, registry: null);
        _parent = new ScriptParent(_loop);
        _group = new AsyncTaskGroup(_loop, _parent, "g");
    }

    [Fact]
    public void Leave_NoTasks_EndsAtOnce()
    {
        Future ended = _group.Leave(fault: null);

        Assert.True(ended.IsCompleted);
        Assert.Equal(TaskGroupState.Ended, _group.State);
        GroupOutcome outcome = _group.Close();
        Assert.False(outcome.HasFailed);
        Assert.Null(outcome.Cancellation);
    }

    [Fact]
    public async Task Leave_TasksPending_EndsWithTheLast()
    {
        (AsyncTask first, TaskCompletionSource<object?> firstWork) = Start();
        (_, TaskCompletionSource<object?> secondWork) = Start();
        Future ended = _group.Leave(fault: null);

        firstWork.SetResult(1);
        await first.EndWithin();
        Assert.False(ended.IsCompleted);

        secondWork.SetResult(2);
        await ended.EndWithin();
        Assert.False(_group.Close().HasFailed);
    }

    [Fact]
    public async Task TaskAdded_WhileTheEndIsAwaited_BelongsToTheGroup()
    {
        (_, TaskCompletionSource<object?> firstWork) = Start();
        Future ended = _group.Leave(fault: null);
        (_, TaskCompletionSource<object?> lateWork) = Start();

        firstWork.SetResult(1);
        lateWork.SetResult(2);
        await ended.EndWithin();
        Assert.Equal(0, _group.Count);
    }

    [Fact]
    public async Task TaskFails_BlockRunning_StopsTheOthersAndTheParent()
    {
        (AsyncTask failing, TaskCompletionSource<object?> work) = Start();
        (AsyncTask other, _) = Start();

        work.SetException(new IOException("io"));
        await other.EndWithin();

        Assert.True(other.IsCanceled);
        Assert.Equal(TaskGroupState.Stopping, _group.State);
        Assert.True(_parent.TryTakeCancellation(out string? reason));
        Assert.Contains(failing.Name!, reason);

        // The block ends by the cancellation that the group itself asked for: only the failure is left.
        Future ended = _group.Leave(new Fault(new OperationCanceledException()));
        await ended.EndWithin();
        GroupOutcome outcome = _group.Close();
        Assert.Null(outcome.Cancellation);
        Assert.Same(failing, Assert.Single(outcome.Failed));
        Assert.Null(outcome.BlockFault);
        Assert.Equal(0, _parent.CancellationCount);
    }

    [Fact]
    public async Task TaskFails_BlockSwallowsTheCancellation_FailureIsStillThere()
    {
        (AsyncTask failing, TaskCompletionSource<object?> work) = Start();
        work.SetException(new IOException("io"));
        await failing.EndWithin();
        Limit.Until(() => _parent.CancellationCount == 1);
        _parent.TryTakeCancellation(out _);

        await _group.Leave(fault: null).EndWithin();

        Assert.Same(failing, Assert.Single(_group.Close().Failed));
        Assert.Equal(0, _parent.CancellationCount);
        Assert.False(_parent.TryTakeCancellation(out _));
    }

    [Fact]
    public async Task TaskFails_AfterTheBlock_LeavesTheParentAlone()
    {
        (_, TaskCompletionSource<object?> work) = Start();
        (AsyncTask other, _) = Start();
        Future ended = _group.Leave(fault: null);

        work.SetException(new IOException("io"));
        await ended.EndWithin();

        Assert.Equal(0, _parent.CancellationCount);
        Assert.True(other.IsCanceled);
        _ = Assert.Single(_group.Close().Failed);
    }

    [Fact]
    public async Task TasksFail_SeveralOfThem_AreAllThere()
    {
        (_, TaskCompletionSource<object?> first) = Start();
        AsyncTask second = Start(async (_, stop) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
                return null;
            }
            catch (OperationCanceledException)
            {
                throw new InvalidDataException("while it was stopped");
            }
        });

        first.SetException(new IOException("first"));
        await second.EndWithin();
        Future ended = _group.Leave(new Fault(new NotSupportedException("block")));
        await ended.EndWithin();

        GroupOutcome outcome = _group.Close();
        Assert.Equal(["first", "while it was stopped"], outcome.Failed.Select(task => task.Fault!.Exception.Message));
        Assert.IsType<NotSupportedException>(outcome.BlockFault!.Exception);
    }

    [Fact]
    public async Task TaskStops_ByItself_IsNoFailure()
    {
        (AsyncTask stopped, _) = Start();
        (_, TaskCompletionSource<object?> work) = Start();
        stopped.Cancel("from elsewhere");
        await stopped.EndWithin();

        Assert.Equal(TaskGroupState.Running, _group.State);
        work.SetResult(1);
        await _group.Leave(fault: null).EndWithin();
        Assert.False(_group.Close().HasFailed);
    }

    [Fact]
    public async Task Leave_BlockFailed_StopsTheTasks()
    {
        (AsyncTask task, _) = Start();
        Future ended = _group.Leave(new Fault(new IOException("block")));
        await ended.EndWithin();

        Assert.True(task.IsCanceled);
        GroupOutcome outcome = _group.Close();
        Assert.Empty(outcome.Failed);
        Assert.IsType<IOException>(outcome.BlockFault!.Exception);
    }

    [Fact]
    public async Task Leave_BlockCancelledFromOutside_StopsTheTasksAndPassesItOn()
    {
        (AsyncTask task, _) = Start();
        _parent.Cancel("outside");
        _parent.TryTakeCancellation(out _);
        Future ended = _group.Leave(new Fault(new OperationCanceledException("outside")));
        await ended.EndWithin();

        Assert.True(task.IsCanceled);
        GroupOutcome outcome = _group.Close();
        Assert.False(outcome.HasFailed);
        Assert.Equal("outside", outcome.Cancellation!.Exception.Message);
        Assert.Equal(1, _parent.CancellationCount);
    }

    [Fact]
    public async Task Interrupt_WhileTheEndIsAwaited_StopsTheTasksAndIsPassedOn()
    {
        (AsyncTask task, _) = Start();
        Future ended = _group.Leave(fault: null);
        _group.Interrupt("outside");
        await ended.EndWithin();

        Assert.True(task.IsCanceled);
        Assert.Contains("outside", _group.Close().Cancellation!.Exception.Message);
    }

    [Fact]
    public async Task Close_CancelledFromOutsideAndFailed_FailsAndCancelsAgain()
    {
        (_, TaskCompletionSource<object?> work) = Start();
        _parent.Cancel("outside");
        _parent.TryTakeCancellation(out _);
        work.SetException(new IOException("io"));
        Future ended = _group.Leave(new Fault(new OperationCanceledException("outside")));
        await ended.EndWithin();

        GroupOutcome outcome = _group.Close();
        _ = Assert.Single(outcome.Failed);
        Assert.Null(outcome.Cancellation);

        // The count stays, and the parent's next wait is told.
        Assert.Equal(1, _parent.CancellationCount);
        Assert.True(_parent.TryTakeCancellation(out _));
    }

    [Fact]
    public async Task Close_BothCancelled_TheOneFromOutsideIsLeft()
    {
        (_, TaskCompletionSource<object?> work) = Start();
        work.SetException(new IOException("io"));
        Limit.Until(() => _parent.CancellationCount == 1);
        _parent.Cancel("outside");
        Future ended = _group.Leave(new Fault(new OperationCanceledException()));
        await ended.EndWithin();

        _ = Assert.Single(_group.Close().Failed);
        Assert.Equal(1, _parent.CancellationCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThrowIfClosed_EndedOrStopping_Throws(bool isStopping)
    {
        if (isStopping)
        {
            (AsyncTask task, TaskCompletionSource<object?> work) = Start();
            work.SetException(new IOException());
            await task.EndWithin();
            Limit.Until(() => _group.State == TaskGroupState.Stopping);
        }
        else
        {
            _ = _group.Leave(fault: null);
        }

        Assert.Contains("'g'", Assert.Throws<InvalidStateException>(_group.ThrowIfClosed).Message);
    }

    [Fact]
    public void Add_StoppingByThen_TheWorkNeverBegins()
    {
        _group.Abandon();
        bool hasBegun = false;
        AsyncTask task = Start((_, _) =>
        {
            hasBegun = true;
            return Task.FromResult<object?>(1);
        });

        Assert.True(task.IsCanceled);
        Assert.False(hasBegun);
    }

    [Fact]
    public async Task Failure_OfAMember_IsNotReportedAsLost()
    {
        (AsyncTask task, TaskCompletionSource<object?> work) = Start();
        work.SetException(new IOException());
        await task.EndWithin();

        Assert.True(task.IsObserved);
    }

    [Fact]
    public void TaskFails_RacingTheBlock_TheParentIsLeftWithoutACancellation()
    {
        Race.Run(200, sides: 2, () =>
        {
            var parent = new ScriptParent(_loop);
            var group = new AsyncTaskGroup(_loop, parent);
            var work = new TaskCompletionSource<object?>();
            _ = _runner.Start(AsyncTaskKind.IO, (_, _) => work.Task, new TaskOptions { Group = group });
            Future? ended = null;
            return new Round(
                () =>
                {
                    Limit.Until(() => ended!.IsCompleted);
                    _ = Assert.Single(group.Close().Failed);
                    Assert.Equal(0, parent.CancellationCount);
                    Assert.False(parent.TryTakeCancellation(out _));
                },
                () => work.SetException(new IOException()),
                () => ended = group.Leave(fault: null));
        });
    }

    private (AsyncTask Task, TaskCompletionSource<object?> Work) Start()
    {
        var work = new TaskCompletionSource<object?>();
        return (Start((_, stop) => work.Task.WaitAsync(stop)), work);
    }

    private AsyncTask Start(TaskWork work) => _runner.Start(AsyncTaskKind.IO, work, new TaskOptions { Group = _group });
}
