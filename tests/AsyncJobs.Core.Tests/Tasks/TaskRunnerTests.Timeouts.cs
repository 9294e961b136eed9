namespace AsyncJobs.Core.Tests;

public partial class TaskRunnerTests
{
    private static readonly TaskOptions TenSeconds = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Timeout_Passed_FailsWithATimeout()
    {
        AsyncTask task = Start((_, stop) => _work.Task.WaitAsync(stop), TenSeconds with { Name = "slow" }, input: "item");

        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(AsyncState.Running, task.State);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await task.EndWithin();

        string message = Assert.IsType<TaskTimeoutException>(task.Exception).Message;
        Assert.Contains("'slow' (input: item)", message);
        Assert.Contains("10 s", message);
        Assert.False(task.IsCancellationRequested);
    }

    [Fact]
    public async Task Timeout_PassedWithOutputWritten_KeepsTheOutput()
    {
        AsyncTask task = Start(
            async (_, stop) =>
            {
                await SwallowCancellation(null!, stop);
                throw new TaskFailedException(new OperationCanceledException(stop), null, new TaskOutput(["written"]));
            },
            TenSeconds);

        _clock.Advance(TimeSpan.FromSeconds(10));
        await task.EndWithin();

        Assert.IsType<TaskTimeoutException>(task.Exception);
        Assert.Equal(["written"], task.Output);
    }

    [Fact]
    public async Task Timeout_WorkSwallowsIt_GivesTheResult()
    {
        AsyncTask task = Start(SwallowCancellation, TenSeconds);

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("swallowed", await task.Within());
    }

    [Fact]
    public void Timeout_WorkCancelsItselfInTime_IsNoTimeout() =>
        Assert.Equal(AsyncState.Stopped, Start((_, _) => throw new OperationCanceledException(), TenSeconds).State);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Timeout_PassedAndTaskCancelled_IsStoppedInEitherOrder(bool isCancelledFirst)
    {
        AsyncTask task = Start(
            async (_, _) =>
            {
                await _work.Task;
                throw new OperationCanceledException();
            },
            TenSeconds);
        if (isCancelledFirst)
        {
            task.Cancel();
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        task.Cancel();
        _work.SetResult(null);
        await task.EndWithin();

        Assert.Equal(AsyncState.Stopped, task.State);
    }

    [Fact]
    public async Task Timeout_Queued_CountsFromWhenItRuns()
    {
        var semaphore = new AsyncSemaphore(0);
        AsyncTask task = Start((_, stop) => _work.Task.WaitAsync(stop), TenSeconds with { Semaphore = semaphore });
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(AsyncState.NotStarted, task.State);

        semaphore.Release();
        Limit.Until(() => _clock.TimerCount == 1);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(AsyncState.Running, task.State);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await task.EndWithin();
        Assert.IsType<TaskTimeoutException>(task.Exception);
    }

    [Fact]
    public async Task Timeout_DuringARetryDelay_FailsWithATimeout()
    {
        AsyncTask task = Start(
            (_, _) => throw new IOException(),
            TenSeconds with { Retry = new RetryPolicy(2, TimeSpan.FromSeconds(60), BackoffKind.Constant) });

        _clock.Advance(TimeSpan.FromSeconds(10));
        await task.EndWithin();

        Assert.IsType<TaskTimeoutException>(task.Exception);
        Assert.Equal(1, task.Attempts);
    }

    [Fact]
    public async Task Timeout_EndedInTime_LeavesNoTimer()
    {
        AsyncTask task = Start((_, stop) => _work.Task.WaitAsync(stop), TenSeconds);

        _work.SetResult(1);
        await task.EndWithin();

        Assert.Equal(AsyncState.Completed, task.State);
        Assert.Equal(0, _clock.TimerCount);
    }

    [Fact]
    public void Timeout_WorkFailsInTime_FailsWithThat() =>
        Assert.IsType<IOException>(Start((_, _) => throw new IOException(), TenSeconds).Exception);

    [Fact]
    public async Task Timeout_WorkFailsWhileItIsCancelled_FailsWithThat()
    {
        AsyncTask task = Start(
            async (self, stop) =>
            {
                await SwallowCancellation(self, stop);
                throw new IOException("while cleaning up");
            },
            TenSeconds);

        Task ended = task.EndWithin();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await ended;

        Assert.IsType<IOException>(task.Exception);
    }

    [Fact]
    public async Task Timeout_WorkTakesItsTimeToEnd_FailsOnlyThen()
    {
        AsyncTask task = Start(
            async (self, stop) =>
            {
                await SwallowCancellation(self, stop);
                await _work.Task;
                throw new OperationCanceledException(stop);
            },
            TenSeconds);

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(AsyncState.Running, task.State);

        Task ended = task.EndWithin();
        _work.SetResult(null);
        await ended;
        Assert.IsType<TaskTimeoutException>(task.Exception);
    }

    [Fact]
    public async Task Timeout_InnerPassesFirst_TheOuterGoesOnToItsOwn()
    {
        AsyncTask? inner = null;
        AsyncTask outer = Start(
            async (_, stop) =>
            {
                inner = Start((_, innerStop) => _work.Task.WaitAsync(innerStop), TenSeconds with { Timeout = TimeSpan.FromSeconds(1) });
                await Assert.ThrowsAsync<TaskTimeoutException>(() => CancelWith(inner, stop));
                return await _work.Task.WaitAsync(stop);
            },
            TenSeconds);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await inner!.EndWithin();
        Assert.Equal(AsyncState.Running, outer.State);

        Task ended = outer.EndWithin();
        _clock.Advance(TimeSpan.FromSeconds(9));
        await ended;
        Assert.IsType<TaskTimeoutException>(outer.Exception);
    }

    [Fact]
    public async Task Timeout_OuterPassesFirst_TheInnerIsStoppedAndNotTimedOut()
    {
        AsyncTask? inner = null;
        AsyncTask outer = Start(
            (_, stop) =>
            {
                inner = Start((_, innerStop) => _work.Task.WaitAsync(innerStop), TenSeconds with { Timeout = TimeSpan.FromSeconds(60) });
                return CancelWith(inner, stop);
            },
            TenSeconds);

        Task ended = outer.EndWithin();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await ended;

        Assert.IsType<TaskTimeoutException>(outer.Exception);
        Assert.Equal(AsyncState.Stopped, inner!.State);
    }
}
