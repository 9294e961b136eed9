namespace AsyncJobs.Core.Tests;

public partial class StressTests
{
    [Fact]
    public void Condition_NotifiedOncePerItem_LosesNoNotification()
    {
        var condition = new AsyncCondition();
        int available = 0, made = 0, taken = 0;

        void Turn(StressWorker worker)
        {
            if (!worker.EndsWell(condition.Lock.EnterAsync))
            {
                return;
            }

            if (worker.Number % 2 == 0)
            {
                available++;
                made++;
                condition.Notify();
            }
            else if (available > 0 || (worker.EndsWell(condition.WaitAsync) && available > 0))
            {
                available--;
                taken++;
            }

            worker.Linger();
            condition.Lock.Release();
        }

        StressRun.Run(Turn, isLost: () => condition.WaitingCount > 0 && available > 0);

        Assert.Equal(made, taken + available);
        Assert.Equal((false, 0, 0), (condition.Lock.IsHeld, condition.Lock.WaitingCount, condition.WaitingCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Barrier_LeftInRounds_GivesEachNumberEquallyOften(int parties)
    {
        var barrier = new AsyncBarrier(parties);
        var passed = new int[parties];

        void Turn(StressWorker worker)
        {
            if (worker.EndsWell(barrier.WaitAsync, out int number))
            {
                Interlocked.Increment(ref passed[number]);
            }
        }

        StressRun.Run(Turn, isLost: () => barrier.WaitingCount >= parties);

        Assert.All(passed, count => Assert.Equal(passed[0], count));
        Assert.Equal((0, false), (barrier.WaitingCount, barrier.IsBroken));
    }

    [Fact]
    public async Task Barrier_ResetAndAbortedInBetween_HoldsNobodyAndIsUsableAgain()
    {
        const int Parties = 3;
        var barrier = new AsyncBarrier(Parties);
        int passed = 0, broken = 0;

        void Turn(StressWorker worker)
        {
            try
            {
                switch (worker.Random.Next(30))
                {
                    case 0:
                        barrier.Abort();
                        break;
                    case 1 or 2:
                        barrier.Reset();
                        break;
                    default:
                        if (worker.EndsWell(barrier.WaitAsync))
                        {
                            Interlocked.Increment(ref passed);
                        }

                        break;
                }
            }
            catch (BrokenBarrierException)
            {
                Interlocked.Increment(ref broken);
            }
        }

        StressRun.Run(Turn, isLost: () => barrier.WaitingCount >= Parties);

        barrier.Reset();
        Assert.Equal((0, false), (barrier.WaitingCount, barrier.IsBroken));
        Assert.True(passed > 0 && broken > 0, $"{passed} passed and {broken} were turned away");

        Task<int>[] round = [.. Enumerable.Range(0, Parties).Select(_ => barrier.WaitAsync())];
        Assert.Equal(Enumerable.Range(0, Parties), (await Task.WhenAll(round).Within()).Order());
    }

    [Fact]
    public void Tasks_WithEveryPermit_GiveAllOfThemBack()
    {
        var runner = new TaskRunner(new EventLoop(), registry: null);
        var options = new TaskOptions
        {
            Throttle = new AsyncSemaphore(4, bounded: true),
            Semaphore = new AsyncSemaphore(2, bounded: true),
            Place = new AsyncSemaphore(2, bounded: true),
            RateLimiter = new AsyncRateLimiter(100, TimeSpan.FromMilliseconds(1)),
            Timeout = TimeSpan.FromSeconds(20),
        };
        int running = 0;

        StressRun.Run(worker => worker.EndsWell(stop =>
        {
            AsyncTask task = runner.Start(
                AsyncTaskKind.IO,
                async (_, taskStop) =>
                {
                    Assert.InRange(Interlocked.Increment(ref running), 1, 2);
                    try
                    {
                        await Task.Yield();
                        taskStop.ThrowIfCancellationRequested();
                        return null;
                    }
                    finally
                    {
                        Interlocked.Decrement(ref running);
                    }
                },
                options);
            stop.UnsafeRegister(_ => task.Cancel(), null);
            return task.AsTask();
        }));

        Assert.Equal(0, running);
        Assert.Equal((4, 2, 2), (options.Throttle.CurrentCount, options.Semaphore.CurrentCount, options.Place.CurrentCount));
        Assert.Equal(0, options.RateLimiter.WaitingCount);
    }
}
