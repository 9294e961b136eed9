namespace AsyncJobs.Core.Tests;

/// <summary>Waits that fail instead of hanging. The limit is long: it is there for bugs, not for slow machines.</summary>
internal static class Limit
{
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    /// <summary>Awaits an outcome and throws what it threw.</summary>
    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Span);

    public static Task Within(this Task task) => task.WaitAsync(Span);

    public static Task<object?> Within(this Future future) => future.AsTask().WaitAsync(Span);

    /// <summary>
    /// Awaits the end, whatever the outcome. Called before the future can end, it also awaits what was registered
    /// earlier; after it, that may still be under way on the completing thread.
    /// </summary>
    public static async Task EndWithin(this Future future)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        future.OnCompleted(_ => ended.TrySetResult());
        await ended.Task.WaitAsync(Span);
    }

    /// <summary>For what tells nobody that it changed.</summary>
    public static void Until(Func<bool> condition, TimeSpan? limit = null) =>
        Assert.True(SpinWait.SpinUntil(condition, limit ?? Span), "the condition did not come to hold in time");

    /// <summary>Turns the loop until a condition holds.</summary>
    public static void TurnUntil(this EventLoop loop, Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Span);
        loop.RunUntil(condition, limit.Token);
    }

    public static void TurnUntil(this EventLoop loop, Future future)
    {
        using var limit = new CancellationTokenSource(Span);
        loop.RunUntil(future, limit.Token);
    }

    /// <summary>Runs what is ready, and what that makes ready in turn.</summary>
    public static void TurnUntilIdle(this EventLoop loop) => loop.TurnUntil(() => loop.ReadyCount == 0);
}
