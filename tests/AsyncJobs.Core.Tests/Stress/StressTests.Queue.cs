using System.Collections.Concurrent;

namespace AsyncJobs.Core.Tests;

public partial class StressTests
{
    [Theory]
    [InlineData(AsyncQueueKind.Fifo, 1)]
    [InlineData(AsyncQueueKind.Fifo, 0)]
    [InlineData(AsyncQueueKind.Lifo, 2)]
    [InlineData(AsyncQueueKind.Priority, 3)]
    public void Queue_PutAndGotByAll_GivesEachItemOnce(AsyncQueueKind kind, int capacity)
    {
        var queue = new AsyncQueue(capacity, kind);
        var put = new ConcurrentBag<long>();
        var got = new ConcurrentBag<long>();
        long last = 0;

        void Turn(StressWorker worker)
        {
            if (worker.Number % 2 == 1)
            {
                Take(worker, queue, got);
                return;
            }

            long item = Interlocked.Increment(ref last);
            long priority = kind == AsyncQueueKind.Priority ? item % 3 : 0;
            if (worker.Chance(8) ? queue.TryPut(item, priority) : worker.EndsWell(stop => queue.PutAsync(item, priority, stop)))
            {
                put.Add(item);
            }
        }

        StressRun.Run(Turn, isLost: () => (queue.WaitingGetCount > 0 && !queue.IsEmpty) || (queue.WaitingPutCount > 0 && !queue.IsFull));

        while (queue.TryGet(out object? left))
        {
            queue.TaskDone();
            got.Add((long)left!);
        }

        Assert.Equal(put.Order(), got.Order());
        Assert.Equal((0, 0, 0, 0), (queue.Count, queue.UnfinishedCount, queue.WaitingGetCount, queue.WaitingPutCount));
        Assert.True(queue.JoinAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public void Queue_ClosedInBetween_GivesOrDropsEachItemOnce()
    {
        AsyncQueue queue = new(2);
        int put = 0, got = 0, left = 0;

        // A closed queue is replaced by the one that closed it; what is in it still is counted when it goes.
        StressRun.Run(worker =>
        {
            AsyncQueue current = Volatile.Read(ref queue);
            try
            {
                if (worker.Chance(200))
                {
                    current.Close();
                    var next = new AsyncQueue(2);
                    if (Interlocked.CompareExchange(ref queue, next, current) == current)
                    {
                        Interlocked.Add(ref left, Drain(current));
                    }
                }
                else if (worker.Number % 2 == 0)
                {
                    if (worker.EndsWell(stop => current.PutAsync(1, cancellationToken: stop)))
                    {
                        Interlocked.Increment(ref put);
                    }
                }
                else if (worker.EndsWell(current.GetAsync))
                {
                    Interlocked.Increment(ref got);
                }
            }
            catch (QueueShutDownException)
            {
                Assert.True(current.IsClosed);
            }
        });

        left += Drain(queue);
        Assert.Equal(put, got + left);
        Assert.Equal((0, 0), (queue.WaitingGetCount, queue.WaitingPutCount));
    }

    private static void Take(StressWorker worker, AsyncQueue queue, ConcurrentBag<long> got)
    {
        if (!worker.EndsWell(queue.TakeAsync, out QueueEntry? entry))
        {
            return;
        }

        // Some give back what they took, as an interrupted cmdlet does.
        if (worker.Chance(20))
        {
            queue.Return(entry!);
            return;
        }

        got.Add((long)queue.Open(entry!)!);
        queue.TaskDone();
    }

    private static int Drain(AsyncQueue queue)
    {
        int count = 0;
        try
        {
            while (queue.TryGet(out _))
            {
                count++;
            }
        }
        catch (QueueShutDownException)
        {
            // Closed and empty.
        }

        return count;
    }
}
