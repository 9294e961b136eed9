namespace AsyncJobs.Core.Tests;

public partial class AsyncLockTests
{
    [Fact]
    public void Release_RacingTheCancellationOfTheWaiter_NeitherLosesNorDoublesTheLock() => Race.Run(10_000, 2, () =>
    {
        var @lock = new AsyncLock();
        @lock.TryEnter();
        var stop = new CancellationTokenSource();
        Task wait = @lock.EnterAsync(stop.Token);
        return new Round(
            () =>
            {
                Assert.True(wait.IsCompletedSuccessfully || wait.IsCanceled);
                Assert.Equal(wait.IsCompletedSuccessfully, @lock.IsHeld);
                Assert.Equal(0, @lock.WaitingCount);
                stop.Dispose();
            },
            @lock.Release,
            stop.Cancel);
    });

    [Fact]
    public void Release_RacingTheCancellationOfTheFirstWaiter_NeverPassesTheSecondBy() => Race.Run(10_000, 2, () =>
    {
        var @lock = new AsyncLock();
        @lock.TryEnter();
        var stop = new CancellationTokenSource();
        Task first = @lock.EnterAsync(stop.Token);
        Task second = @lock.EnterAsync();
        return new Round(
            () =>
            {
                Assert.NotEqual(first.IsCompletedSuccessfully, second.IsCompletedSuccessfully);
                Assert.True(@lock.IsHeld);
                stop.Dispose();
            },
            @lock.Release,
            stop.Cancel);
    });

    [Fact]
    public void EnterAsync_RacingReleaseAndCancel_LeavesOneHolderOrNone() => Race.Run(10_000, 3, () =>
    {
        var @lock = new AsyncLock();
        @lock.TryEnter();
        var stop = new CancellationTokenSource();
        Task wait = Task.CompletedTask;
        return new Round(
            () =>
            {
                Assert.True(wait.IsCompletedSuccessfully || wait.IsCanceled);
                Assert.Equal(wait.IsCompletedSuccessfully, @lock.IsHeld);
                stop.Dispose();
            },
            () => wait = @lock.EnterAsync(stop.Token),
            @lock.Release,
            stop.Cancel);
    });

    [Fact]
    public async Task EnterAsync_ManyTasksWithRandomCancellations_OneAtATimeAndBalanced()
    {
        var @lock = new AsyncLock();
        int inside = 0, entered = 0, cancelled = 0;

        async Task Visit()
        {
            using var stop = new CancellationTokenSource();
            Task wait = @lock.EnterAsync(stop.Token);
            if (Random.Shared.Next(3) == 0)
            {
                stop.Cancel();
            }

            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (wait.IsCanceled)
            {
                Interlocked.Increment(ref cancelled);
                return;
            }

            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            entered++;
            Interlocked.Decrement(ref inside);
            @lock.Release();
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                await Visit();
            }
        }))).Within();

        Assert.Equal(16_000, entered + cancelled);
        Assert.False(@lock.IsHeld);
        Assert.Equal(0, @lock.WaitingCount);
    }
}
