using System.Diagnostics;

namespace AsyncJobs.Core.Tests;

public partial class AsyncRateLimiterTests
{
    [Fact]
    public void Advance_RacingTheCancellationOfTheWaiter_BalancesThePermits() => Race.Run(5_000, 2, () =>
    {
        var clock = new ManualTimeProvider();
        var limiter = new AsyncRateLimiter(1, Second, timeProvider: clock);
        limiter.TryEnter();
        var stop = new CancellationTokenSource();
        Task enter = limiter.EnterAsync(stop.Token);
        return new Round(
            () =>
            {
                Assert.True(enter.IsCompletedSuccessfully || enter.IsCanceled);
                Assert.Equal(enter.IsCanceled ? 1 : 0, limiter.CurrentCount);
                Assert.Equal(0, limiter.WaitingCount);
                stop.Dispose();
            },
            () => clock.Advance(Second),
            stop.Cancel);
    });

    [Fact]
    public void TryEnter_FromManyThreadsAtOnce_NeverExceedsTheLimit() => Race.Run(5_000, 3, () =>
    {
        var limiter = new AsyncRateLimiter(2, Second, timeProvider: new ManualTimeProvider());
        int winners = 0;
        void Side() => Interlocked.Add(ref winners, limiter.TryEnter() ? 1 : 0);
        return new Round(() => Assert.Equal(2, winners), Side, Side, Side);
    });

    [Fact]
    public async Task EnterAsync_ManyThreadsOnTheSystemClock_NeverMoreThanTheLimitInAnyWindow()
    {
        const int PermitLimit = 10;
        var window = TimeSpan.FromMilliseconds(50);
        var limiter = new AsyncRateLimiter(PermitLimit, window);

        // The permit itself says when it was given; a worker may come to run much later.
        Task<long>[] permits = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => Enumerable.Range(0, 25).Select(_ => limiter.TakeAsync(default)).ToArray()))).ContinueWith(
                all => all.Result.SelectMany(each => each).ToArray(), TaskScheduler.Default).Within();
        long[] times = [.. (await Task.WhenAll(permits).Within()).Order()];

        Assert.Equal(100, times.Length);
        for (int i = PermitLimit; i < times.Length; i++)
        {
            Assert.True(Stopwatch.GetElapsedTime(times[i - PermitLimit], times[i]) >= window, $"permit {i} came too soon");
        }
    }
}
