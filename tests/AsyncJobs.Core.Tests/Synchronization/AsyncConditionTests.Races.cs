namespace AsyncJobs.Core.Tests;

public partial class AsyncConditionTests
{
    [Fact]
    public void Notify_RacingTheCancellationOfTheFirstWaiter_AlwaysWakesExactlyOne() => Race.Run(5_000, 2, () =>
    {
        var condition = new AsyncCondition();
        var stop = new CancellationTokenSource();
        condition.Lock.TryEnter();
        Task first = condition.WaitAsync(stop.Token);
        condition.Lock.TryEnter();
        Task second = condition.WaitAsync();
        condition.Lock.TryEnter();
        return new Round(
            () =>
            {
                Limit.Until(() => first.IsCompleted || second.IsCompleted);
                if (first.IsCompletedSuccessfully)
                {
                    Assert.Equal(1, condition.WaitingCount);
                    Assert.False(second.IsCompleted);
                }
                else
                {
                    // The first gets the lock back, the second the lock and the notification, in either order.
                    condition.Lock.Release();
                    Limit.Until(() => first.IsCanceled && second.IsCompletedSuccessfully);
                    condition.Lock.Release();
                    Assert.False(condition.Lock.IsHeld);
                }

                stop.Dispose();
            },
            () =>
            {
                condition.Notify();
                condition.Lock.Release();
            },
            stop.Cancel);
    });

    [Fact]
    public async Task WaitAsync_ProducersAndConsumersWithRandomCancellations_EveryItemIsTaken()
    {
        const int Items = 8_000;
        var condition = new AsyncCondition();
        int available = 0, taken = 0, cancelled = 0;

        // A producer notifies one consumer for each item: were one notification lost, an item would stay behind while
        // all consumers wait.
        async Task Produce()
        {
            for (int i = 0; i < Items / 2; i++)
            {
                await condition.Lock.EnterAsync();
                available++;
                condition.Notify();
                condition.Lock.Release();
                await Task.Yield();
            }
        }

        async Task Consume()
        {
            while (true)
            {
                using var stop = new CancellationTokenSource();
                await condition.Lock.EnterAsync();
                try
                {
                    while (available == 0 && taken < Items)
                    {
                        Task wait = condition.WaitAsync(stop.Token);
                        if (Random.Shared.Next(4) == 0)
                        {
                            _ = Task.Run(stop.Cancel);
                        }

                        await wait;
                    }

                    if (available > 0)
                    {
                        available--;
                        taken++;
                    }

                    if (taken == Items)
                    {
                        condition.NotifyAll();
                        return;
                    }
                }
                catch (OperationCanceledException)
                {
                    cancelled++;
                }
                finally
                {
                    condition.Lock.Release();
                }
            }
        }

        await Task.WhenAll([.. Enumerable.Range(0, 2).Select(_ => Task.Run(Produce)), .. Enumerable.Range(0, 6).Select(_ => Task.Run(Consume))]).Within();

        Assert.Equal(Items, taken);
        Assert.Equal(0, available);
        Assert.False(condition.Lock.IsHeld);
        Assert.Equal(0, condition.WaitingCount);
    }
}
