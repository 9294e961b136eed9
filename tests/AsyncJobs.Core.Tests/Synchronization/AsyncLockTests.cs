namespace AsyncJobs.Core.Tests;

public partial class AsyncLockTests
{
    [Fact]
    public void EnterAsync_Free_TakesItAtOnce()
    {
        var @lock = new AsyncLock();

        Assert.True(@lock.EnterAsync().IsCompletedSuccessfully);

        Assert.True(@lock.IsHeld);
    }

    [Fact]
    public void TryEnter_FreeAndHeld_TakesItOnce()
    {
        var @lock = new AsyncLock();

        Assert.True(@lock.TryEnter());
        Assert.False(@lock.TryEnter());
        @lock.Release();
        Assert.True(@lock.TryEnter());
    }

    [Fact]
    public async Task EnterAsync_SeveralWaiting_GetItInOrderOneForEachRelease()
    {
        var @lock = new AsyncLock();
        await @lock.EnterAsync();
        var waits = new List<Task> { @lock.EnterAsync(), @lock.EnterAsync() };
        Assert.Equal(2, @lock.WaitingCount);

        @lock.Release();
        await waits[0].Within();
        Assert.False(waits[1].IsCompleted);

        // One that comes later stands behind.
        waits.Add(@lock.EnterAsync());
        @lock.Release();
        await waits[1].Within();
        Assert.False(waits[2].IsCompleted);

        @lock.Release();
        await waits[2].Within();
        Assert.True(@lock.IsHeld);
        Assert.Equal(0, @lock.WaitingCount);
    }

    [Fact]
    public void TryEnter_ReleasedToAWaiter_DoesNotOvertake()
    {
        var @lock = new AsyncLock();
        @lock.TryEnter();
        _ = @lock.EnterAsync();

        @lock.Release();

        Assert.False(@lock.TryEnter());
    }

    [Fact]
    public async Task EnterAsync_WaiterCancelled_LeavesTheQueue()
    {
        var @lock = new AsyncLock();
        using var stop = new CancellationTokenSource();
        @lock.TryEnter();
        Task wait = @lock.EnterAsync(stop.Token);

        stop.Cancel();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Within());
        Assert.Equal(stop.Token, thrown.CancellationToken);
        Assert.Equal(0, @lock.WaitingCount);
        Assert.True(@lock.IsHeld);
    }

    [Fact]
    public async Task Release_FirstWaiterCancelled_GoesToTheSecond()
    {
        var @lock = new AsyncLock();
        using var stop = new CancellationTokenSource();
        @lock.TryEnter();
        Task first = @lock.EnterAsync(stop.Token);
        Task second = @lock.EnterAsync();
        Task third = @lock.EnterAsync();

        stop.Cancel();
        @lock.Release();

        await second.Within();
        Assert.True(first.IsCanceled);
        Assert.False(third.IsCompleted);
        @lock.Release();
        await third.Within();
        @lock.Release();
        Assert.False(@lock.IsHeld);
    }

    [Fact]
    public async Task EnterAsync_CancelledAfterTheHandOver_KeepsTheLock()
    {
        var @lock = new AsyncLock();
        using var stop = new CancellationTokenSource();
        @lock.TryEnter();
        Task first = @lock.EnterAsync(stop.Token);
        Task second = @lock.EnterAsync();

        @lock.Release();
        stop.Cancel();

        await first.Within();
        Assert.False(second.IsCompleted);
        @lock.Release();
        await second.Within();
    }

    [Fact]
    public void EnterAsync_CancelledToken_DoesNotTakeAFreeLock()
    {
        var @lock = new AsyncLock();

        Assert.True(@lock.EnterAsync(new CancellationToken(canceled: true)).IsCanceled);

        Assert.False(@lock.IsHeld);
    }

    [Fact]
    public void Release_NotHeld_Throws()
    {
        var @lock = new AsyncLock("door");

        Assert.Contains("'door'", Assert.Throws<SynchronizationLockException>(@lock.Release).Message);

        @lock.TryEnter();
        @lock.Release();
        Assert.Throws<SynchronizationLockException>(@lock.Release);
    }

    [Fact]
    public void Release_NobodyWaiting_LeavesItFree()
    {
        var @lock = new AsyncLock();
        @lock.TryEnter();

        @lock.Release();

        Assert.False(@lock.IsHeld);
    }

    [Fact]
    public void Release_OnAnotherThread_IsFine()
    {
        var @lock = new AsyncLock();
        @lock.TryEnter();

        OtherThread.Start(@lock.Release).Join();

        Assert.False(@lock.IsHeld);
    }

    [Fact]
    public void ToString_FreeHeldAndWaitedFor_TellsSo()
    {
        var @lock = new AsyncLock("door");
        Assert.Equal("AsyncLock 'door' (free, 0 waiting)", @lock.ToString());

        @lock.TryEnter();
        _ = @lock.EnterAsync();

        Assert.Equal("AsyncLock 'door' (held, 1 waiting)", @lock.ToString());
    }
}
