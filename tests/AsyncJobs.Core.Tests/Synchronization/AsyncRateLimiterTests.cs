namespace AsyncJobs.Core.Tests;

public partial class AsyncRateLimiterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void TryEnter_UpToTheLimit_LetsThrough()
    {
        AsyncRateLimiter limiter = NewLimiter(2);

        Assert.True(limiter.TryEnter());
        Assert.True(limiter.TryEnter());
        Assert.False(limiter.TryEnter());
        Assert.Equal(0, limiter.CurrentCount);
    }

    [Fact]
    public void TryEnter_WindowAfterTheFirst_LetsThroughAgain()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        Assert.True(limiter.TryEnter());

        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(limiter.TryEnter());

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, limiter.CurrentCount);
        Assert.True(limiter.TryEnter());
    }

    [Fact]
    public async Task EnterAsync_SeveralWaiting_AreServedInOrderAsPermitsComeFree()
    {
        AsyncRateLimiter limiter = NewLimiter(2);
        Task[] enters = [.. Enumerable.Range(0, 5).Select(_ => limiter.EnterAsync())];
        Assert.Equal(3, limiter.WaitingCount);

        for (int served = 2; served < 5; served += 2)
        {
            Assert.Equal(served, enters.Count(enter => enter.IsCompleted));
            _clock.Advance(Second);
        }

        await Task.WhenAll(enters).Within();
        Assert.All(enters[..4], enter => Assert.True(enter.IsCompletedSuccessfully));
        Assert.Equal(1, limiter.CurrentCount);
    }

    [Fact]
    public void EnterAsync_PermitsTakenApart_ComeFreeApart()
    {
        AsyncRateLimiter limiter = NewLimiter(2);
        limiter.TryEnter();
        _clock.Advance(Second * 0.4);
        limiter.TryEnter();
        Task[] enters = [limiter.EnterAsync(), limiter.EnterAsync()];

        _clock.Advance(Second * 0.6);
        Assert.Equal([true, false], enters.Select(enter => enter.IsCompleted));

        _clock.Advance(Second * 0.4);
        Assert.True(enters[1].IsCompleted);
    }

    [Fact]
    public void TryEnter_AtRandomTimes_NeverMoreThanTheLimitInAnyWindow()
    {
        const int PermitLimit = 5;
        AsyncRateLimiter limiter = NewLimiter(PermitLimit);
        var random = new Random(1);
        List<long> times = [];
        List<Task> waiting = [];

        for (int i = 0; i < 2_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(300)));
            times.AddRange(waiting.Where(enter => enter.IsCompleted).Select(_ => _clock.GetTimestamp()));
            waiting.RemoveAll(enter => enter.IsCompleted);
            for (int burst = random.Next(4); burst > 0; burst--)
            {
                if (limiter.TryEnter())
                {
                    times.Add(_clock.GetTimestamp());
                }
            }
        }

        Assert.True(times.Count > 1_000, "the limiter is used to the full");
        for (int i = PermitLimit; i < times.Count; i++)
        {
            Assert.True(times[i] - times[i - PermitLimit] >= Second.Ticks, $"permit {i} came too soon");
        }
    }

    [Fact]
    public void TryEnter_SomebodyWaits_DoesNotOvertake()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        limiter.TryEnter();
        Task enter = limiter.EnterAsync();

        _clock.Advance(Second);

        Assert.True(enter.IsCompletedSuccessfully);
        Assert.False(limiter.TryEnter());
    }

    [Fact]
    public async Task EnterAsync_WaiterCancelled_LeavesTheQueueAndTheNextIsServed()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        limiter.TryEnter();
        using var stop = new CancellationTokenSource();
        Task cancelled = limiter.EnterAsync(stop.Token);
        Task next = limiter.EnterAsync();

        stop.Cancel();
        Assert.Equal(1, limiter.WaitingCount);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());

        _clock.Advance(Second);
        await next.Within();
    }

    [Fact]
    public async Task EnterAsync_CancelledAfterTheHandOver_KeepsThePermit()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        limiter.TryEnter();
        using var stop = new CancellationTokenSource();
        Task enter = limiter.EnterAsync(stop.Token);

        _clock.Advance(Second);
        stop.Cancel();

        await enter.Within();
        Assert.Equal(0, limiter.CurrentCount);
    }

    [Fact]
    public void EnterAsync_CancelledToken_TakesNoFreePermit()
    {
        AsyncRateLimiter limiter = NewLimiter(1);

        Assert.True(limiter.EnterAsync(new CancellationToken(canceled: true)).IsCanceled);

        Assert.Equal(1, limiter.CurrentCount);
    }

    [Fact]
    public void EnterAsync_AllWaitersCancelled_LeavesNoTimerRunning()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        limiter.TryEnter();
        using var stop = new CancellationTokenSource();
        _ = limiter.EnterAsync(stop.Token);
        Assert.Equal(1, _clock.TimerCount);

        stop.Cancel();
        _clock.Advance(Second);

        Assert.Equal(0, _clock.TimerCount);
        Assert.True(limiter.TryEnter());
    }

    [Fact]
    public void EnterAsync_WindowLongerThanATimerLasts_IsServedAtItsEnd()
    {
        var limiter = new AsyncRateLimiter(1, TimeSpan.FromDays(100), timeProvider: _clock);
        limiter.TryEnter();
        Task enter = limiter.EnterAsync();

        _clock.Advance(TimeSpan.FromDays(99.9));
        Assert.False(enter.IsCompleted);

        _clock.Advance(TimeSpan.FromDays(0.1));
        Assert.True(enter.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Return_UnusedPermit_GoesToTheFirstWaiterAtOnce()
    {
        AsyncRateLimiter limiter = NewLimiter(1);
        long permit = await limiter.TakeAsync(default).Within();
        Task enter = limiter.EnterAsync();

        limiter.Return(permit);

        await enter.Within();
        Assert.Equal(0, limiter.CurrentCount);
    }

    [Fact]
    public async Task Return_UnusedPermit_LeavesTheTimesOfTheOthers()
    {
        AsyncRateLimiter limiter = NewLimiter(2);
        long unused = await limiter.TakeAsync(default).Within();
        _clock.Advance(Second / 2);
        limiter.TryEnter();

        limiter.Return(unused);
        Assert.Equal(1, limiter.CurrentCount);

        // The one that was used counts for its own whole window.
        _clock.Advance(Second / 2);
        Assert.Equal(1, limiter.CurrentCount);
        _clock.Advance(Second / 2);
        Assert.Equal(2, limiter.CurrentCount);
    }

    [Fact]
    public void New_LimitOrWindowTooSmall_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncRateLimiter(0, Second));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncRateLimiter(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncRateLimiter(1, TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void ToString_Named_TellsNameAndState()
    {
        var limiter = new AsyncRateLimiter(3, Second, "api", _clock);
        limiter.TryEnter();

        Assert.Equal("AsyncRateLimiter 'api' (2 of 3 per 00:00:01 free)", limiter.ToString());
    }

    private AsyncRateLimiter NewLimiter(int permitLimit) => new(permitLimit, Second, timeProvider: _clock);
}
