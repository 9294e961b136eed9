namespace AsyncJobs.Core.Tests;

/// <summary>How the runner of tasks uses a rate limiter.</summary>
public partial class AsyncRateLimiterTests
{
    [Fact]
    public async Task Start_WithARateLimiter_BeginsAsManyAsItLetsThrough()
    {
        AsyncRateLimiter limiter = NewLimiter(2);
        var runner = new TaskRunner(new EventLoop(_clock), registry: null);
        AsyncTask[] tasks = [.. Enumerable.Range(0, 3).Select(_ => runner.Start(AsyncTaskKind.IO, ReturnNull, new TaskOptions { RateLimiter = limiter }))];

        await tasks[0].Within();
        await tasks[1].Within();
        Assert.Equal(AsyncState.NotStarted, tasks[2].State);

        _clock.Advance(Second);
        await tasks[2].Within();
    }

    [Fact]
    public async Task Start_WaitingForTheRateLimiter_HoldsTheThrottleAndNotTheSemaphore()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        limiter.TryEnter();
        var options = new TaskOptions { RateLimiter = limiter, Semaphore = new AsyncSemaphore(1), Throttle = new AsyncSemaphore(1) };
        AsyncTask task = new TaskRunner(new EventLoop(_clock), registry: null).Start(AsyncTaskKind.IO, ReturnNull, options);

        Assert.Equal(1, options.Semaphore.CurrentCount);
        Assert.Equal(0, options.Throttle.CurrentCount);

        _clock.Advance(Second);
        await task.Within();
        Assert.Equal(1, options.Throttle.CurrentCount);
    }

    [Fact]
    public async Task Cancel_TaskWaitingForTheRateLimiter_TakesNoPermit()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        limiter.TryEnter();
        AsyncTask task = new TaskRunner(new EventLoop(_clock), registry: null).Start(AsyncTaskKind.IO, ReturnNull, new TaskOptions { RateLimiter = limiter });

        task.Cancel();
        await task.EndWithin();

        Assert.Equal(AsyncState.Stopped, task.State);
        _clock.Advance(Second);
        Assert.Equal(1, limiter.CurrentCount);
    }

    [Fact]
    public async Task Cancel_TaskWaitingForTheSemaphore_GivesItsPermitBack()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        var options = new TaskOptions { RateLimiter = limiter, Semaphore = new AsyncSemaphore(0) };
        AsyncTask task = new TaskRunner(new EventLoop(_clock), registry: null).Start(AsyncTaskKind.IO, ReturnNull, options);
        Assert.Equal(0, limiter.CurrentCount);

        task.Cancel();
        await task.EndWithin();

        Assert.Equal(1, limiter.CurrentCount);
    }

    private static Task<object?> ReturnNull(AsyncTask task, CancellationToken cancellationToken) => Task.FromResult<object?>(null);
}
