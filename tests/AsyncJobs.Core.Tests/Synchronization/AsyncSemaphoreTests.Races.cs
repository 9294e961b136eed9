namespace AsyncJobs.Core.Tests;

public partial class AsyncSemaphoreTests
{
    [Fact]
    public void Release_RacingTheCancellationOfTheWaiter_BalancesThePermits() => Race.Run(10_000, 2, () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var stop = new CancellationTokenSource();
        Task wait = semaphore.EnterAsync(stop.Token);
        return new Round(
            () =>
            {
                Assert.True(wait.IsCompletedSuccessfully || wait.IsCanceled);
                Assert.Equal(wait.IsCanceled ? 1 : 0, semaphore.CurrentCount);
                Assert.Equal(0, semaphore.WaitingCount);
                stop.Dispose();
            },
            semaphore.Release,
            stop.Cancel);
    });

    [Fact]
    public void Release_RacingTheCancellationOfTheFirstWaiter_NeverPassesTheSecondBy() => Race.Run(10_000, 2, () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var stop = new CancellationTokenSource();
        Task first = semaphore.EnterAsync(stop.Token);
        Task second = semaphore.EnterAsync();
        return new Round(
            () =>
            {
                Assert.NotEqual(first.IsCompletedSuccessfully, second.IsCompletedSuccessfully);
                Assert.Equal(0, semaphore.CurrentCount);
                stop.Dispose();
            },
            semaphore.Release,
            stop.Cancel);
    });

    [Fact]
    public void EnterAsync_RacingReleaseAndCancel_BalancesThePermits() => Race.Run(10_000, 3, () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var stop = new CancellationTokenSource();
        Task wait = Task.CompletedTask;
        return new Round(
            () =>
            {
                Assert.True(wait.IsCompletedSuccessfully || wait.IsCanceled);
                Assert.Equal(wait.IsCanceled ? 1 : 0, semaphore.CurrentCount);
                stop.Dispose();
            },
            () => wait = semaphore.EnterAsync(stop.Token),
            semaphore.Release,
            stop.Cancel);
    });

    [Fact]
    public void TryEnter_FromManyThreadsAtOnce_OneGetsThePermit() => Race.Run(10_000, 3, () =>
    {
        var semaphore = new AsyncSemaphore(1);
        int winners = 0;
        void Side() => Interlocked.Add(ref winners, semaphore.TryEnter() ? 1 : 0);
        return new Round(() => Assert.Equal(1, winners), Side, Side, Side);
    });

    [Fact]
    public void GetOrCreate_FromManyThreadsAtOnce_GivesAllTheSame() => Race.Run(2_000, 3, () =>
    {
        string name = NewName();
        var made = new AsyncSemaphore[3];
        return new Round(
            () => Assert.All(made, semaphore => Assert.Same(made[0], semaphore)),
            () => made[0] = AsyncSemaphore.GetOrCreate(name, 1),
            () => made[1] = AsyncSemaphore.GetOrCreate(name, 1),
            () => made[2] = AsyncSemaphore.GetOrCreate(name, 1));
    });
}
