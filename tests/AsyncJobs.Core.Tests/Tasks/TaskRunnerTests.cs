namespace AsyncJobs.Core.Tests;

public partial class TaskRunnerTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TaskCompletionSource<object?> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskRunner _runner;

    public TaskRunnerTests() => _runner = new TaskRunner(new EventLoop(_clock), registry: null);

    [Fact]
    public async Task Start_WorkSucceeds_Completes()
    {
        AsyncTask task = Start((_, stop) => _work.Task.WaitAsync(stop));
        Assert.Equal(AsyncState.Running, task.State);
        Assert.Equal(1, task.Attempts);

        _work.SetResult(new TaskOutput([1, 2]));

        Assert.Equal(new object?[] { 1, 2 }, await task.Within());
        Assert.Equal(AsyncState.Completed, task.State);
    }

    [Fact]
    public void Start_WorkThrowsBeforeItsFirstAwait_FailsAndThrowsNothing()
    {
        var thrown = new IOException("gone");

        AsyncTask task = Start((_, _) => throw thrown);

        Assert.Same(thrown, task.Exception);
        Assert.Null(task.Fault!.Detail);
        Assert.Empty(task.Output);
    }

    [Fact]
    public void Start_WorkFailsWithDetails_KeepsOutputAndDetail()
    {
        var cause = new IOException("gone");

        AsyncTask task = Start((_, _) => throw new TaskFailedException(cause, "record", new TaskOutput(["written"])));

        Assert.Equal(AsyncState.Failed, task.State);
        Assert.Same(cause, task.Exception);
        Assert.Equal("record", task.Fault!.Detail);
        Assert.Equal(["written"], task.Output);
        Assert.Null(task.Result);
    }

    [Fact]
    public void Start_WorkFailsWithACancellationAndOutput_StopsAndKeepsTheOutput()
    {
        AsyncTask task = Start((_, _) => throw new TaskFailedException(new OperationCanceledException(), null, new TaskOutput(["written"])));

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.Equal(["written"], task.Output);
    }

    [Fact]
    public async Task Cancel_Running_StopsTheWork()
    {
        AsyncTask task = Start((_, stop) => _work.Task.WaitAsync(stop));

        Assert.True(task.Cancel("enough"));

        await task.EndWithin();
        var thrown = Assert.Throws<OperationCanceledException>(() => task.GetResult());
        Assert.Contains("enough", thrown.Message);
        Assert.Equal(AsyncState.Stopped, task.State);
    }

    [Fact]
    public async Task Cancel_WorkSwallowsIt_GivesTheResult()
    {
        AsyncTask task = Start(SwallowCancellation);

        task.Cancel();

        Assert.Equal("swallowed", await task.Within());
        Assert.True(task.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancel_WorkFailsInstead_Fails()
    {
        AsyncTask task = Start(async (_, stop) =>
        {
            await SwallowCancellation(null!, stop);
            throw new IOException("while cleaning up");
        });

        task.Cancel();
        await task.EndWithin();

        Assert.IsType<IOException>(task.Exception);
    }

    [Fact]
    public async Task Start_FailsWithRetries_TriesAgainAfterEachDelay()
    {
        AsyncTask task = Start(
            (self, _) => self.Attempts < 3 ? throw new IOException() : Task.FromResult<object?>(self.Attempts),
            new TaskOptions { Retry = new RetryPolicy(5, TimeSpan.FromSeconds(10), BackoffKind.Linear) });

        Assert.InRange(SecondsToNextAttempt(task), 7.5, 12.6);
        Limit.Until(() => task.Attempts == 2 && _clock.TimerCount == 1);
        Assert.InRange(SecondsToNextAttempt(task), 15, 25.1);

        Assert.Equal(3, await task.Within());
    }

    [Fact]
    public async Task Start_FailsMoreThanItMayRetry_FailsWithTheLast()
    {
        AsyncTask task = Start(
            (self, _) => throw new TaskFailedException(new IOException($"{self.Attempts}"), self.Attempts, TaskOutput.None),
            new TaskOptions { Retry = new RetryPolicy(2, TimeSpan.Zero, BackoffKind.Constant) });
        await task.EndWithin();

        Assert.Equal(3, task.Attempts);
        Assert.Equal("3", task.Exception!.Message);
        Assert.Equal(3, task.Fault!.Detail);
    }

    [Fact]
    public void Start_WorkCancelsItself_IsNotRetried()
    {
        AsyncTask task = Start(
            (_, _) => throw new OperationCanceledException(),
            new TaskOptions { Retry = new RetryPolicy(2, TimeSpan.Zero, BackoffKind.Constant) });

        Assert.Equal((AsyncState.Stopped, 1), (task.State, task.Attempts));
    }

    [Fact]
    public async Task Cancel_BetweenAttempts_StopsWithoutAnother()
    {
        AsyncTask task = Start(
            (_, _) => throw new IOException(),
            new TaskOptions { Retry = new RetryPolicy(2, TimeSpan.FromSeconds(10), BackoffKind.Constant) });

        task.Cancel();
        await task.EndWithin();

        Assert.Equal((AsyncState.Stopped, 1), (task.State, task.Attempts));
    }

    private static async Task<object?> SwallowCancellation(AsyncTask task, CancellationToken stop)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.UnsafeRegister(_ => cancelled.SetResult(), null))
        {
            await cancelled.Task;
        }

        return "swallowed";
    }

    /// <summary>Advances the clock by small steps until the timer of the retry fires.</summary>
    private double SecondsToNextAttempt(AsyncTask task)
    {
        int attempt = task.Attempts;
        int tenths = 0;
        while (_clock.TimerCount == 1 && task.Attempts == attempt)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            tenths++;
        }

        return tenths / 10.0;
    }

    private AsyncTask Start(TaskWork work, TaskOptions? options = null, object? input = null) =>
        _runner.Start(AsyncTaskKind.IO, work, options ?? new TaskOptions(), input);
}
