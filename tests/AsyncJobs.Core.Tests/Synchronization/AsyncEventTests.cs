namespace AsyncJobs.Core.Tests;

public class AsyncEventTests
{
    [Fact]
    public async Task Set_SeveralWaiting_AllGoOn()
    {
        var @event = new AsyncEvent();
        Task[] waits = [@event.WaitAsync(), @event.WaitAsync(), @event.WaitAsync()];
        Assert.Equal(3, @event.WaitingCount);
        Assert.All(waits, wait => Assert.False(wait.IsCompleted));

        @event.Set();

        await Task.WhenAll(waits).Within();
        Assert.True(@event.IsSet);
        Assert.Equal(0, @event.WaitingCount);
    }

    [Fact]
    public void WaitAsync_Set_EndsAtOnce()
    {
        var @event = new AsyncEvent();
        @event.Set();

        Assert.True(@event.WaitAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_LeavesTheOthersWaiting()
    {
        var @event = new AsyncEvent();
        using var stop = new CancellationTokenSource();
        Task cancelled = @event.WaitAsync(stop.Token);
        Task other = @event.WaitAsync();

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());
        Assert.Equal(1, @event.WaitingCount);
        @event.Set();
        await other.Within();
    }

    [Fact]
    public void WaitAsync_CancelledToken_IsCancelledThoughSet()
    {
        var @event = new AsyncEvent();
        @event.Set();

        Assert.True(@event.WaitAsync(new CancellationToken(canceled: true)).IsCanceled);
    }

    [Fact]
    public void Clear_Set_IsNotSetAnyMore()
    {
        var @event = new AsyncEvent();
        Assert.False(@event.IsSet);

        @event.Set();
        Assert.True(@event.IsSet);
        @event.Clear();

        Assert.False(@event.IsSet);
        Assert.False(@event.WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task Clear_RightAfterSet_HoldsNobodyBackWhoWaitedBefore()
    {
        var @event = new AsyncEvent();
        Task before = @event.WaitAsync();

        @event.Set();
        @event.Clear();
        Task after = @event.WaitAsync();

        await before.Within();
        Assert.False(after.IsCompleted);
        @event.Set();
        @event.Set();
        await after.Within();
    }

    [Fact]
    public void ToString_NamedAndWaitedFor_TellsSo()
    {
        var @event = new AsyncEvent("ready");
        _ = @event.WaitAsync();
        Assert.Equal("AsyncEvent 'ready' (not set, 1 waiting)", @event.ToString());

        @event.Set();

        Assert.Equal("AsyncEvent 'ready' (set, 0 waiting)", @event.ToString());
    }

    [Fact]
    public void Set_RacingTheCancellationOfAWaiter_EndsItOnceAndTheOtherInAnyCase() => Race.Run(10_000, 2, () =>
    {
        var @event = new AsyncEvent();
        var stop = new CancellationTokenSource();
        Task first = @event.WaitAsync(stop.Token);
        Task second = @event.WaitAsync();
        return new Round(
            () =>
            {
                Assert.True(first.IsCompletedSuccessfully || first.IsCanceled);
                Assert.True(second.IsCompletedSuccessfully);
                Assert.Equal(0, @event.WaitingCount);
                stop.Dispose();
            },
            @event.Set,
            stop.Cancel);
    });

    [Fact]
    public void WaitAsync_RacingSet_NeverMissesIt() => Race.Run(10_000, 2, () =>
    {
        var @event = new AsyncEvent();
        Task wait = Task.CompletedTask;
        return new Round(() => Assert.True(wait.IsCompletedSuccessfully), () => wait = @event.WaitAsync(), @event.Set);
    });
}
