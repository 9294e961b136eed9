namespace AsyncJobs.Core.Tests;

public partial class AsyncConditionTests
{
    [Fact]
    public async Task Notify_OneByOneAndThenTwo_EachGoesOnInOrderWithTheLock()
    {
        var condition = new AsyncCondition();
        Task[] waits = await StartWaitsAsync(condition, 3);
        Assert.False(condition.Lock.IsHeld);
        Assert.Equal(3, condition.WaitingCount);

        condition.Lock.TryEnter();
        condition.Notify();
        Assert.Equal(2, condition.WaitingCount);
        Assert.All(waits, wait => Assert.False(wait.IsCompleted));

        condition.Lock.Release();
        await waits[0].Within();
        Assert.True(condition.Lock.IsHeld);

        condition.Notify(2);
        condition.Lock.Release();
        await waits[1].Within();
        Assert.False(waits[2].IsCompleted);

        condition.Lock.Release();
        await waits[2].Within();
        Assert.True(condition.Lock.IsHeld);
    }

    [Fact]
    public async Task Notify_MoreThanWait_WakesThemAll()
    {
        var condition = new AsyncCondition();
        Task[] waits = await StartWaitsAsync(condition, 3);

        condition.Lock.TryEnter();
        condition.Notify();
        condition.Notify(2048);

        await LeaveOneByOneAsync(condition, waits);
    }

    [Fact]
    public async Task NotifyAll_ManyWaiting_GetTheLockInTheOrderOfWaiting()
    {
        var condition = new AsyncCondition();
        Task[] waits = await StartWaitsAsync(condition, 50);

        condition.Lock.TryEnter();
        condition.NotifyAll();
        Assert.Equal(0, condition.WaitingCount);

        await LeaveOneByOneAsync(condition, waits);
    }

    [Fact]
    public async Task Notify_Zero_WakesNobody()
    {
        var condition = new AsyncCondition();
        await StartWaitsAsync(condition, 1);
        condition.Lock.TryEnter();

        condition.Notify(0);

        Assert.Equal(1, condition.WaitingCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => condition.Notify(-1));
    }

    [Fact]
    public async Task WaitAsync_NotHeld_Throws()
    {
        var condition = new AsyncCondition();

        await Assert.ThrowsAsync<SynchronizationLockException>(() => condition.WaitAsync());

        Assert.Equal(0, condition.WaitingCount);
    }

    [Fact]
    public void Notify_NotHeld_Throws()
    {
        var condition = new AsyncCondition();

        Assert.Throws<SynchronizationLockException>(() => condition.Notify());
        Assert.Throws<SynchronizationLockException>(condition.NotifyAll);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_ThrowsWithTheLockHeld()
    {
        var condition = new AsyncCondition();
        using var stop = new CancellationTokenSource();
        condition.Lock.TryEnter();
        Task wait = condition.WaitAsync(stop.Token);
        Assert.False(condition.Lock.IsHeld);

        stop.Cancel();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Within());
        Assert.Equal(stop.Token, thrown.CancellationToken);
        Assert.Equal(0, condition.WaitingCount);
        Assert.True(condition.Lock.IsHeld);
    }

    [Fact]
    public async Task WaitAsync_CancelledToken_ThrowsWithTheLockHeldAllAlong()
    {
        var condition = new AsyncCondition();
        condition.Lock.TryEnter();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => condition.WaitAsync(new CancellationToken(canceled: true)));

        Assert.True(condition.Lock.IsHeld);
        Assert.Equal(0, condition.Lock.WaitingCount);
    }

    [Fact]
    public async Task WaitAsync_CancelledWhileAnotherHoldsTheLock_EndsOnlyOnceItIsReleased()
    {
        var condition = new AsyncCondition();
        using var stop = new CancellationTokenSource();
        condition.Lock.TryEnter();
        Task wait = condition.WaitAsync(stop.Token);
        condition.Lock.TryEnter();

        stop.Cancel();
        Limit.Until(() => condition.Lock.WaitingCount == 1);
        Assert.False(wait.IsCompleted);

        condition.Lock.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Within());
        Assert.True(condition.Lock.IsHeld);
    }

    [Fact]
    public async Task WaitAsync_NotifiedThenCancelledBeforeItHasTheLock_ThrowsWithTheLockHeld()
    {
        var condition = new AsyncCondition();
        using var stop = new CancellationTokenSource();
        condition.Lock.TryEnter();
        Task wait = condition.WaitAsync(stop.Token);
        condition.Lock.TryEnter();

        condition.Notify();
        stop.Cancel();
        Assert.False(wait.IsCompleted);
        condition.Lock.Release();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Within());
        Assert.Equal(stop.Token, thrown.CancellationToken);
        Assert.True(condition.Lock.IsHeld);
    }

    [Fact]
    public async Task Notify_TheNotifiedIsCancelledBeforeItHasTheLock_TheNextIsWokenInstead()
    {
        var condition = new AsyncCondition();
        using var stop = new CancellationTokenSource();
        condition.Lock.TryEnter();
        Task first = condition.WaitAsync(stop.Token);
        condition.Lock.TryEnter();
        Task second = condition.WaitAsync();
        condition.Lock.TryEnter();

        condition.Notify();
        stop.Cancel();
        condition.Lock.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Within());
        condition.Lock.Release();
        await second.Within();
        Assert.True(condition.Lock.IsHeld);
    }

    [Fact]
    public async Task WaitAsync_CancelledWithoutANotification_WakesNobodyElse()
    {
        var condition = new AsyncCondition();
        using var stop = new CancellationTokenSource();
        condition.Lock.TryEnter();
        Task first = condition.WaitAsync(stop.Token);
        Task[] second = await StartWaitsAsync(condition, 1);

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Within());
        Assert.Equal(1, condition.WaitingCount);
        Assert.False(second[0].IsCompleted);
    }

    [Fact]
    public async Task Lock_SharedByTwoConditions_IsOneLockAndWakesAreApart()
    {
        var @lock = new AsyncLock();
        var notEmpty = new AsyncCondition(@lock);
        var notFull = new AsyncCondition(@lock);
        Assert.Same(notEmpty.Lock, notFull.Lock);
        Task[] first = await StartWaitsAsync(notEmpty, 1);
        Task[] second = await StartWaitsAsync(notFull, 1);

        @lock.TryEnter();
        notFull.Notify();
        @lock.Release();

        await second[0].Within();
        Assert.False(first[0].IsCompleted);
        Assert.Equal(1, notEmpty.WaitingCount);
    }

    [Fact]
    public void ToString_HeldAndWaitedFor_TellsSo()
    {
        var condition = new AsyncCondition(name: "full");
        Assert.Equal("AsyncCondition 'full' (free, 0 waiting)", condition.ToString());

        condition.Lock.TryEnter();
        _ = condition.WaitAsync();
        condition.Lock.TryEnter();

        Assert.Equal("AsyncCondition 'full' (held, 1 waiting)", condition.ToString());
    }

    private static async Task<Task[]> StartWaitsAsync(AsyncCondition condition, int count)
    {
        var waits = new Task[count];
        for (int i = 0; i < count; i++)
        {
            await condition.Lock.EnterAsync().Within();
            waits[i] = condition.WaitAsync();
        }

        return waits;
    }

    private static async Task LeaveOneByOneAsync(AsyncCondition condition, Task[] waits)
    {
        for (int i = 0; i < waits.Length; i++)
        {
            condition.Lock.Release();
            await waits[i].Within();
            Assert.All(waits[(i + 1)..], wait => Assert.False(wait.IsCompleted));
        }

        condition.Lock.Release();
        Assert.False(condition.Lock.IsHeld);
    }
}
