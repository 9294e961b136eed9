using System.Collections.Concurrent;

namespace AsyncJobs.Core.Tests;

public partial class AsyncQueueTests
{
    [Fact]
    public void Put_RacingTheCancellationOfTheGetter_LosesNoItem() => Race.Run(5_000, 2, () =>
    {
        var queue = new AsyncQueue();
        var stop = new CancellationTokenSource();
        Task<object?> get = queue.GetAsync(stop.Token);
        return new Round(
            () =>
            {
                Limit.Until(() => get.IsCompleted);
                Assert.True(get.IsCompletedSuccessfully || get.IsCanceled);
                Assert.Equal(get.IsCanceled ? 1 : 0, queue.Count);
                stop.Dispose();
            },
            () => queue.Put(1),
            stop.Cancel);
    });

    [Fact]
    public void Get_RacingTheCancellationOfThePutter_PutsOnceOrNever() => Race.Run(5_000, 2, () =>
    {
        var queue = new AsyncQueue(1);
        var stop = new CancellationTokenSource();
        queue.Put(1);
        Task put = queue.PutAsync(2, cancellationToken: stop.Token);
        return new Round(
            () =>
            {
                Assert.True(put.IsCompletedSuccessfully || put.IsCanceled);
                Assert.Equal(put.IsCanceled ? 0 : 1, queue.Count);
                Assert.Equal(put.IsCanceled ? 1 : 2, queue.UnfinishedCount);
                stop.Dispose();
            },
            () => queue.Get(),
            stop.Cancel);
    });

    [Fact]
    public void Close_RacingPutAndGet_GivesTheItemOrRefusesIt() => Race.Run(5_000, 3, () =>
    {
        var queue = new AsyncQueue();
        Task put = Task.CompletedTask;
        Task<object?> get = Task.FromResult<object?>(null);
        return new Round(
            () =>
            {
                Limit.Until(() => get.IsCompleted);
                int got = get.IsCompletedSuccessfully ? 1 : 0;
                Assert.Equal(put.IsCompletedSuccessfully ? 1 : 0, got + queue.Count);
                Assert.Equal(0, queue.WaitingGetCount);
            },
            () => put = queue.PutAsync(1),
            () => get = queue.GetAsync(),
            () => queue.Close());
    });

    [Fact]
    public void Return_RacingCloseAndGet_LosesNoItem() => Race.Run(5_000, 3, () =>
    {
        var queue = new AsyncQueue();
        queue.Put(1);
        queue.TryTake(out QueueEntry? entry);
        Task<object?> get = Task.FromResult<object?>(null);
        return new Round(
            () =>
            {
                Limit.Until(() => get.IsCompleted);
                Assert.Equal(1, (get.IsCompletedSuccessfully ? 1 : 0) + queue.Count);
            },
            () => queue.Return(entry!),
            () => get = queue.GetAsync(),
            () => queue.Close());
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task PutAsyncAndGetAsync_ManyThreadsWithRandomCancellations_BalanceExactly(AsyncQueueKind kind)
    {
        const int Workers = 4;
        const int Each = 2_000;
        var queue = new AsyncQueue(3, kind);
        var put = new ConcurrentBag<int>();
        var got = new ConcurrentBag<int>();

        Task[] producers = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                int item = (worker * Each) + i;
                if (await EndsWell(stop => queue.PutAsync(item, kind == AsyncQueueKind.Priority ? item % 3 : 0, stop)))
                {
                    put.Add(item);
                }
            }
        }))];
        Task[] consumers = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    // Some take and give back, as an interrupted cmdlet does.
                    QueueEntry? entry = null;
                    if (await EndsWell(async stop => entry = await queue.TakeAsync(stop)))
                    {
                        if (Random.Shared.Next(20) == 0)
                        {
                            queue.Return(entry!);
                        }
                        else
                        {
                            got.Add((int)queue.Open(entry!)!);
                            queue.TaskDone();
                        }
                    }
                }
            }
            catch (QueueShutDownException)
            {
                // Closed and empty.
            }
        }))];

        await Task.WhenAll(producers).Within();
        await queue.JoinAsync().Within();
        queue.Close();
        await Task.WhenAll(consumers).Within();

        Assert.Equal(put.Order(), got.Order());
        Assert.Equal((0, 0, 0, 0), (queue.Count, queue.UnfinishedCount, queue.WaitingGetCount, queue.WaitingPutCount));
        Assert.InRange(put.Count, 1, Workers * Each);
    }

    /// <summary>Waits with a cancellation that comes never, at some time meanwhile, or before; tells whether it was too late.</summary>
    private static async Task<bool> EndsWell(Func<CancellationToken, Task> wait)
    {
        using var stop = new CancellationTokenSource();
        Task waiting = wait(stop.Token);
        if (Random.Shared.Next(3) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static source => CancelQuietly((CancellationTokenSource)source!), stop);
        }

        try
        {
            await waiting.ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static void CancelQuietly(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wait was over by then.
        }
    }
}
