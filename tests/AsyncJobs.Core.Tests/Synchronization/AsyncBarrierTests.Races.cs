namespace AsyncJobs.Core.Tests;

public partial class AsyncBarrierTests
{
    [Fact]
    public void WaitAsync_FromManyThreadsAtOnce_AllPassWithNumbersOfTheirOwn() => Race.Run(5_000, 3, () =>
    {
        var barrier = new AsyncBarrier(3);
        var waits = new Task<int>[3];
        return new Round(
            () =>
            {
                Assert.True(Task.WhenAll(waits).Wait(Limit.Span));
                Assert.Equal([0, 1, 2], waits.Select(wait => wait.Result).Order());
                AssertEmpty(barrier);
            },
            () => waits[0] = barrier.WaitAsync(),
            () => waits[1] = barrier.WaitAsync(),
            () => waits[2] = barrier.WaitAsync());
    });

    [Fact]
    public void WaitAsync_LastToComeRacingTheCancellationOfTheFirst_PassesWithItOrWaits() => Race.Run(5_000, 2, () =>
    {
        var barrier = new AsyncBarrier(2);
        var stop = new CancellationTokenSource();
        Task<int> first = barrier.WaitAsync(stop.Token);
        Task<int>? second = null;
        return new Round(
            () =>
            {
                Limit.Until(() => first.IsCompleted);
                if (first.IsCompletedSuccessfully)
                {
                    Assert.True(second!.Wait(Limit.Span));
                    AssertEmpty(barrier);
                }
                else
                {
                    Assert.True(first.IsCanceled);
                    Assert.False(second!.IsCompleted);
                    Assert.Equal(1, barrier.WaitingCount);
                }

                stop.Dispose();
            },
            () => second = barrier.WaitAsync(),
            stop.Cancel);
    });

    [Fact]
    public void Reset_RacingTheLastToCome_LeavesNobodyBehind() => Race.Run(5_000, 2, () =>
    {
        var barrier = new AsyncBarrier(2);
        Task<int> first = barrier.WaitAsync();
        Task<int>? second = null;
        return new Round(
            () =>
            {
                Limit.Until(() => first.IsCompleted);

                // The reset came before the last, between the last and the first's leaving, or after both.
                bool isSecondInside = !second!.IsCompleted;
                Assert.Equal(isSecondInside ? 1 : 0, barrier.WaitingCount);
                Assert.True(first.IsCompletedSuccessfully ? second.IsCompletedSuccessfully : first.Exception!.InnerException is BrokenBarrierException);
                Assert.Equal(BarrierState.Filling, barrier.State);
            },
            () => second = barrier.WaitAsync(),
            barrier.Reset);
    });
}
