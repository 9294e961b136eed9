namespace AsyncJobs.Core.Tests;

/// <summary>From many threads on every primitive, with random cancellations: nothing is lost, nothing comes twice.</summary>
public partial class StressTests
{
    [Fact]
    public void Lock_HeldByOneAtATime_IsFreeAtTheEnd()
    {
        var @lock = new AsyncLock();
        int entered = 0;
        int counter = 0;

        void Turn(StressWorker worker)
        {
            if (worker.EndsWell(@lock.EnterAsync))
            {
                // Not atomic: two inside at once would lose a count.
                int seen = counter;
                worker.Linger();
                counter = seen + 1;
                @lock.Release();
                Interlocked.Increment(ref entered);
            }
        }

        StressRun.Run(Turn, isLost: () => @lock.WaitingCount > 0 && !@lock.IsHeld);

        Assert.Equal(entered, counter);
        Assert.Equal((false, 0), (@lock.IsHeld, @lock.WaitingCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Semaphore_NeverMoreThanItsCount_HasAllPermitsAtTheEnd(int count)
    {
        var semaphore = new AsyncSemaphore(count, bounded: true);
        int inside = 0;

        void Turn(StressWorker worker)
        {
            if (worker.Chance(8) ? semaphore.TryEnter() : worker.EndsWell(semaphore.EnterAsync))
            {
                Assert.InRange(Interlocked.Increment(ref inside), 1, count);
                worker.Linger();
                Interlocked.Decrement(ref inside);
                semaphore.Release();
            }
        }

        StressRun.Run(Turn, isLost: () => semaphore.WaitingCount > 0 && semaphore.CurrentCount > 0);

        Assert.Equal((count, 0), (semaphore.CurrentCount, semaphore.WaitingCount));
    }

    [Fact]
    public void Event_SetAndClearedAllTheTime_LetsEveryWaiterGoAndKeepsNone()
    {
        const int Setters = 2;
        var @event = new AsyncEvent();
        int setsBegun = 0;
        int setsEnded = 0;

        void Turn(StressWorker worker)
        {
            if (worker.Number >= Setters)
            {
                int ended = Volatile.Read(ref setsEnded);
                bool isSet = @event.IsSet;
                if (worker.EndsWell(@event.WaitAsync))
                {
                    Assert.True(isSet || Volatile.Read(ref setsBegun) > ended, "a waiter went on though nobody set the event");
                }
            }
            else if (worker.Chance(2))
            {
                Interlocked.Increment(ref setsBegun);
                @event.Set();
                Interlocked.Increment(ref setsEnded);
            }
            else
            {
                worker.Linger();
                @event.Clear();
            }
        }

        StressRun.Run(Turn, isLost: () => @event.WaitingCount > 0 && @event.IsSet);

        Assert.Equal(0, @event.WaitingCount);
    }

    [Fact]
    public void RateLimiter_InEveryWindow_LetsNoMoreThroughThanItsLimit()
    {
        const int PermitLimit = 40;
        var window = TimeSpan.FromMilliseconds(2);
        var limiter = new AsyncRateLimiter(PermitLimit, window);
        var given = new System.Collections.Concurrent.ConcurrentBag<long>();

        StressRun.Run(worker =>
        {
            if (worker.EndsWell(limiter.TakeAsync, out long givenAt))
            {
                if (worker.Chance(10))
                {
                    limiter.Return(givenAt);
                }
                else
                {
                    given.Add(givenAt);
                }
            }
        });

        long[] times = [.. given.Order()];
        for (int i = PermitLimit; i < times.Length; i++)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(times[i - PermitLimit], times[i]) >= window, $"{PermitLimit + 1} within {window} (seed {StressRun.Seed})");
        }

        Assert.Equal(0, limiter.WaitingCount);
        Limit.Until(() => limiter.CurrentCount == PermitLimit);
    }
}
