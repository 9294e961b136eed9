namespace AsyncJobs.Core.Tests;

public partial class AsyncQueueTests
{
    [Fact]
    public async Task GetAsync_ItemThere_EndsAtOnce()
    {
        var queue = new AsyncQueue();
        queue.Put(1);

        Task<object?> get = queue.GetAsync();

        Assert.True(get.IsCompletedSuccessfully);
        Assert.Equal(1, await get);
    }

    [Fact]
    public async Task GetAsync_Empty_WaitsForAnItem()
    {
        var queue = new AsyncQueue();
        Task<object?> get = queue.GetAsync();
        Assert.False(get.IsCompleted);
        Assert.Equal(1, queue.WaitingGetCount);

        queue.Put(1);

        Assert.Equal(1, await get.Within());
        Assert.Equal(0, queue.WaitingGetCount);
        Assert.True(queue.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task GetAsync_SeveralWaiting_AreServedInOrder(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(kind: kind);
        Task<object?>[] gets = [.. Enumerable.Range(0, 5).Select(_ => queue.GetAsync())];

        for (int i = 0; i < gets.Length; i++)
        {
            await queue.PutAsync(i);
            Assert.Equal(i, await gets[i].Within());
            Assert.All(gets[(i + 1)..], get => Assert.False(get.IsCompleted));
        }
    }

    [Fact]
    public async Task TryGet_ItemPutForAWaiter_DoesNotOvertake()
    {
        var queue = new AsyncQueue();
        Task<object?> get = queue.GetAsync();

        queue.Put(1);

        Assert.False(queue.TryGet(out _));
        Assert.Equal(1, await get.Within());
    }

    [Fact]
    public async Task GetAsync_OthersWaitToPut_LetsTheFirstIn()
    {
        var queue = new AsyncQueue(1);
        Task[] puts = [.. "abc".Select(letter => queue.PutAsync(letter))];
        Assert.Equal([true, false, false], puts.Select(put => put.IsCompleted));
        Assert.Equal(2, queue.WaitingPutCount);

        Assert.Equal('a', await queue.GetAsync().Within());
        await puts[1].Within();
        Assert.False(puts[2].IsCompleted);
        Assert.True(queue.IsFull);

        Assert.Equal('b', await queue.GetAsync().Within());
        Assert.Equal('c', await queue.GetAsync().Within());
        await puts[2].Within();
        Assert.Equal(0, queue.WaitingPutCount);
    }

    [Fact]
    public async Task TryPut_RoomGivenToAWaiter_DoesNotOvertake()
    {
        var queue = new AsyncQueue(1);
        queue.Put(1);
        Task put = queue.PutAsync(2);

        Assert.Equal(1, queue.Get());

        Assert.False(queue.TryPut(3));
        await put.Within();
        Assert.Equal([2], GetAll(queue));
    }

    [Fact]
    public async Task PutAsync_FullQueue_WaitsForRoom()
    {
        var queue = new AsyncQueue(2);
        List<int> havePut = [];
        Task producer = Produce();
        async Task Produce()
        {
            for (int i = 0; i < 3; i++)
            {
                await queue.PutAsync(i);
                havePut.Add(i);
            }
        }

        Assert.Equal([0, 1], havePut);
        Assert.Equal(0, queue.Get());
        await producer.Within();
        Assert.Equal([0, 1, 2], havePut);
        Assert.Equal([1, 2], GetAll(queue));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 1000)]
    public async Task PutAsyncAndGetAsync_BoundedQueue_HandsAllOverInOrder(int capacity, int count)
    {
        var queue = new AsyncQueue(capacity);
        Task producer = Task.Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                await queue.PutAsync(i);
            }
        });

        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i, await queue.GetAsync().Within());
        }

        await producer.Within();
    }

    [Fact]
    public async Task TryGet_AsManyAsThereAre_LetsAsManyWaitersPut()
    {
        var queue = new AsyncQueue(2);
        Task[] puts = [.. Enumerable.Range(0, 4).Select(i => queue.PutAsync(i))];

        for (int left = queue.Count; left > 0; left--)
        {
            queue.Get();
        }

        await Task.WhenAll(puts).Within();
        Assert.Equal([2, 3], GetAll(queue));
    }

    [Fact]
    public async Task GetAsync_WaiterCancelled_LeavesTheQueueAndTheNextIsServed()
    {
        var queue = new AsyncQueue();
        using var stop = new CancellationTokenSource();
        Task<object?> cancelled = queue.GetAsync(stop.Token);
        Task<object?> next = queue.GetAsync();

        stop.Cancel();
        Assert.Equal(1, queue.WaitingGetCount);
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());
        Assert.Equal(stop.Token, thrown.CancellationToken);

        queue.Put("a");
        Assert.Equal("a", await next.Within());
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public async Task GetAsync_CancelledAfterTheHandOver_KeepsTheItem()
    {
        var queue = new AsyncQueue();
        using var stop = new CancellationTokenSource();
        Task<object?> get = queue.GetAsync(stop.Token);

        PutAll(queue, 1, 2);
        stop.Cancel();

        Assert.Equal(1, await get.Within());
        Assert.Equal([2], GetAll(queue));
    }

    [Fact]
    public async Task GetAsync_OneOfManyCancelledAfterTheHandOver_LosesNoItem()
    {
        var queue = new AsyncQueue();
        using var stop = new CancellationTokenSource();
        Task<QueueEntry> cancelled = queue.TakeAsync(stop.Token);
        Task<object?>[] gets = [queue.GetAsync(), queue.GetAsync()];

        PutAll(queue, 1, 2);
        stop.Cancel();

        // As a cmdlet does that has no use for it any more.
        queue.Return(await cancelled.Within());
        Assert.Equal([2, 1], [await gets[0].Within(), await gets[1].Within()]);
    }

    [Fact]
    public void GetAsync_CancelledToken_TakesNoItem()
    {
        var queue = new AsyncQueue();
        queue.Put(1);

        Assert.True(queue.GetAsync(new CancellationToken(canceled: true)).IsCanceled);

        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public async Task PutAsync_WaiterCancelled_LeavesTheQueueAndTheNextPuts()
    {
        var queue = new AsyncQueue(1);
        using var stop = new CancellationTokenSource();
        queue.Put("a");
        Task cancelled = queue.PutAsync("x", cancellationToken: stop.Token);
        Task next = queue.PutAsync("b");

        stop.Cancel();
        Assert.Equal(1, queue.WaitingPutCount);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());

        Assert.Equal(["a", "b"], GetAll(queue));
        await next.Within();
        Assert.Equal(2, queue.UnfinishedCount);
    }

    [Fact]
    public async Task PutAsync_CancelledAfterItWasLetIn_StaysInTheQueue()
    {
        var queue = new AsyncQueue(1);
        using var stop = new CancellationTokenSource();
        queue.Put(1);
        Task put = queue.PutAsync(2, cancellationToken: stop.Token);

        Assert.Equal(1, queue.Get());
        stop.Cancel();

        await put.Within();
        Assert.Equal([2], GetAll(queue));
    }

    [Fact]
    public void PutAsync_CancelledToken_PutsNothing()
    {
        var queue = new AsyncQueue();

        Assert.True(queue.PutAsync(1, cancellationToken: new CancellationToken(canceled: true)).IsCanceled);

        Assert.True(queue.IsEmpty);
        Assert.Equal(0, queue.UnfinishedCount);
    }

    [Theory]
    [InlineData(AsyncQueueKind.Fifo, new[] { 1, 2, 3, 4 })]
    [InlineData(AsyncQueueKind.Lifo, new[] { 3, 4, 2, 1 })]
    [InlineData(AsyncQueueKind.Priority, new[] { 1, 2, 3, 4 })]
    public void Return_TakenEntries_AreInTheirPlaceAgain(AsyncQueueKind kind, int[] expected)
    {
        var queue = new AsyncQueue(kind: kind);
        PutAll(queue, 1, 2, 3, 4);
        Assert.True(queue.TryTake(out QueueEntry? first));
        Assert.True(queue.TryTake(out QueueEntry? second));

        queue.Return(first);
        queue.Return(second);

        Assert.Equal(expected.Cast<object?>(), GetAll(queue));
        Assert.Equal(4, queue.UnfinishedCount);
    }

    [Fact]
    public async Task Return_FullQueue_HoldsOneMoreUntilItIsTaken()
    {
        var queue = new AsyncQueue(1);
        queue.Put(1);
        Assert.True(queue.TryTake(out QueueEntry? entry));
        queue.Put(2);
        Task put = queue.PutAsync(3);

        queue.Return(entry);
        Assert.Equal(2, queue.Count);

        Assert.Equal(1, queue.Get());
        Assert.False(put.IsCompleted);
        Assert.Equal([2, 3], GetAll(queue));
        await put.Within();
    }
}
