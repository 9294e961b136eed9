namespace AsyncJobs.Core.Tests;

public partial class AsyncQueueTests
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public void TaskDone_NothingUnfinished_Throws(AsyncQueueKind kind) =>
        Assert.Throws<InvalidStateException>(new AsyncQueue(kind: kind).TaskDone);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task JoinAsync_NothingUnfinished_EndsAtOnce(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(kind: kind);

        await queue.JoinAsync().Within();
        await queue.JoinAsync().Within();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task JoinAsync_TwoWorkers_EndsWhenAllIsDone(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(kind: kind);
        PutAll(queue, [.. Enumerable.Range(0, 100).Cast<object>()]);
        int sum = 0;
        Task[] workers = [Work(), Work()];
        async Task Work()
        {
            while (await queue.GetAsync() is int item && item >= 0)
            {
                Interlocked.Add(ref sum, item);
                queue.TaskDone();
            }
        }

        await queue.JoinAsync().Within();

        Assert.Equal(4950, sum);
        PutAll(queue, -1, -1);
        await Task.WhenAll(workers).Within();
    }

    [Fact]
    public async Task JoinAsync_ItemGotButNotDone_Waits()
    {
        var queue = new AsyncQueue();
        queue.Put(1);
        Task[] joins = [queue.JoinAsync(), queue.JoinAsync()];

        queue.Get();
        Assert.All(joins, join => Assert.False(join.IsCompleted));

        queue.TaskDone();
        await Task.WhenAll(joins).Within();
        Assert.Equal(0, queue.UnfinishedCount);
    }

    [Fact]
    public async Task JoinAsync_Cancelled_EndsAndTheItemsStay()
    {
        var queue = new AsyncQueue();
        queue.Put(1);
        using var stop = new CancellationTokenSource();
        Task join = queue.JoinAsync(stop.Token);

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => join.Within());
        Assert.Equal(1, queue.UnfinishedCount);
        Assert.True(queue.JoinAsync(stop.Token).IsCanceled);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Close_EmptyQueue_RefusesAllAndEndsTheWaits(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(kind: kind);
        Task<object?> get = queue.GetAsync();

        queue.Close();

        Assert.True(queue.IsClosed);
        await queue.JoinAsync().Within();
        await Assert.ThrowsAsync<QueueShutDownException>(() => get.Within());
        await AssertRefusesAll(queue);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Close_ItemsLeft_GivesThemAndThenRefusesAll(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(1, kind);
        queue.Put("data");
        Task join = queue.JoinAsync();
        Task put = queue.PutAsync("data2");

        queue.Close();

        Assert.Equal(1, queue.Count);
        await Assert.ThrowsAsync<QueueShutDownException>(() => put.Within());
        await Assert.ThrowsAsync<QueueShutDownException>(() => queue.PutAsync("data").Within());
        Assert.Equal("data", await queue.GetAsync().Within());
        Assert.False(join.IsCompleted);
        await AssertRefusesAll(queue);

        queue.TaskDone();
        await join.Within();
        Assert.Throws<InvalidStateException>(queue.TaskDone);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Close_Immediately_DropsTheItemsAsDone(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(kind: kind);
        queue.Put("data");
        Task join = queue.JoinAsync();

        queue.Close(immediate: true);

        Assert.Equal(0, queue.Count);
        await join.Within();
        await AssertRefusesAll(queue);
        Assert.Throws<InvalidStateException>(queue.TaskDone);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Close_ImmediatelyWithAnItemInWork_LeavesThatToFinish(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(kind: kind);
        PutAll(queue, "data", "data");
        Task join = queue.JoinAsync();
        await queue.GetAsync().Within();

        queue.Close(immediate: true);

        Assert.Equal(0, queue.Count);
        Assert.Equal(1, queue.UnfinishedCount);
        Assert.False(join.IsCompleted);
        await AssertRefusesAll(queue);

        queue.TaskDone();
        Assert.Throws<InvalidStateException>(queue.TaskDone);
        await join.Within();
    }

    [Fact]
    public async Task Close_Again_MayBecomeImmediateAndNeverOpens()
    {
        var queue = new AsyncQueue();
        PutAll(queue, 1, 2);

        queue.Close();
        queue.Close();
        Assert.Equal(1, queue.Get());

        queue.Close(immediate: true);
        queue.Close();
        Assert.Equal(0, queue.Count);
        await AssertRefusesAll(queue);
    }

    [Fact]
    public void Close_WorkSaidDoneBeforeTheItemWasGot_CountsNothingTwice()
    {
        var queue = new AsyncQueue();
        queue.Put(1);
        queue.TaskDone();

        queue.Close(immediate: true);

        Assert.Equal(0, queue.UnfinishedCount);
    }

    [Fact]
    public void Return_ClosedQueue_CanStillBeGot()
    {
        var queue = new AsyncQueue();
        queue.Put(1);
        Assert.True(queue.TryTake(out QueueEntry? entry));
        queue.Close();

        queue.Return(entry);

        Assert.Equal(1, queue.Get());
    }

    [Fact]
    public async Task Return_ImmediatelyClosedQueue_DropsTheItemAsDone()
    {
        var queue = new AsyncQueue();
        queue.Put(1);
        Assert.True(queue.TryTake(out QueueEntry? entry));
        queue.Close(immediate: true);
        Task join = queue.JoinAsync();

        queue.Return(entry);

        await join.Within();
        Assert.True(queue.IsEmpty);
    }

    private static async Task AssertRefusesAll(AsyncQueue queue)
    {
        await Assert.ThrowsAsync<QueueShutDownException>(() => queue.PutAsync("data").Within());
        await Assert.ThrowsAsync<QueueShutDownException>(() => queue.GetAsync().Within());
        Assert.Throws<QueueShutDownException>(() => queue.Put("data"));
        Assert.Throws<QueueShutDownException>(() => queue.TryPut("data"));
        Assert.Throws<QueueShutDownException>(() => queue.Get());
        Assert.Throws<QueueShutDownException>(() => queue.TryGet(out _));
    }
}
