namespace AsyncJobs.Core.Tests;

public partial class AsyncQueueTests
{
    public static TheoryData<AsyncQueueKind> Kinds => [AsyncQueueKind.Fifo, AsyncQueueKind.Lifo, AsyncQueueKind.Priority];

    [Fact]
    public void Get_Fifo_GivesInOrderOfPutting()
    {
        var queue = new AsyncQueue();
        PutAll(queue, 1, 3, 2);

        Assert.Equal([1, 3, 2], GetAll(queue));
    }

    [Fact]
    public void Get_Lifo_GivesTheLatestFirst()
    {
        var queue = new AsyncQueue(kind: AsyncQueueKind.Lifo);
        PutAll(queue, 1, 3, 2);

        Assert.Equal([2, 3, 1], GetAll(queue));
    }

    [Fact]
    public void Get_Priority_GivesTheLowestFirst()
    {
        var queue = new AsyncQueue(kind: AsyncQueueKind.Priority);
        foreach (int priority in new[] { 1, 3, 2, -1 })
        {
            queue.Put($"item {priority}", priority);
        }

        Assert.Equal(["item -1", "item 1", "item 2", "item 3"], GetAll(queue));
    }

    [Fact]
    public void Get_EqualPriorities_GivesInOrderOfPutting()
    {
        var queue = new AsyncQueue(kind: AsyncQueueKind.Priority);
        for (int i = 0; i < 100; i++)
        {
            queue.Put(i, i % 2);
        }

        IEnumerable<int> even = Enumerable.Range(0, 50).Select(i => i * 2);
        IEnumerable<int> odd = even.Select(i => i + 1);
        Assert.Equal([.. even.Concat(odd).Cast<object?>()], GetAll(queue));
    }

    [Fact]
    public async Task PutAsync_Priority_IsKeptWhileWaitingForRoom()
    {
        var queue = new AsyncQueue(1, AsyncQueueKind.Priority);
        queue.Put("first", 5);
        Task[] puts = [queue.PutAsync("last", 9), queue.PutAsync("soon", 1)];

        Assert.Equal(["first", "last", "soon"], GetAll(queue));
        await Task.WhenAll(puts).Within();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void IsEmpty_ByWhatIsInIt(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(kind: kind);
        Assert.True(queue.IsEmpty);

        queue.Put(1);
        Assert.False(queue.IsEmpty);
        Assert.Equal(1, queue.Count);

        queue.Get();
        Assert.True(queue.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void IsFull_AtTheCapacity(AsyncQueueKind kind)
    {
        var queue = new AsyncQueue(1, kind);
        Assert.False(queue.IsFull);

        queue.Put(1);
        Assert.True(queue.IsFull);

        queue.Get();
        Assert.False(queue.IsFull);
    }

    [Fact]
    public void IsFull_NoCapacity_Never()
    {
        var queue = new AsyncQueue();
        PutAll(queue, [.. Enumerable.Range(0, 1000).Cast<object>()]);

        Assert.False(queue.IsFull);
    }

    [Fact]
    public void Put_Full_ThrowsAndPutsNothing()
    {
        var queue = new AsyncQueue(1, name: "mail");
        queue.Put(1);

        Assert.False(queue.TryPut(2));
        var thrown = Assert.Throws<QueueFullException>(() => queue.Put(2));
        Assert.Equal("QueueFull", thrown.ErrorId);
        Assert.Contains("mail", thrown.Message);
        Assert.Equal(1, queue.UnfinishedCount);
        Assert.Equal([1], GetAll(queue));
    }

    [Fact]
    public void Get_Empty_Throws()
    {
        var queue = new AsyncQueue();

        Assert.False(queue.TryGet(out _));
        Assert.Equal("QueueEmpty", Assert.Throws<QueueEmptyException>(queue.Get).ErrorId);
    }

    [Fact]
    public async Task GetAsync_NullPut_GivesNull()
    {
        var queue = new AsyncQueue();
        queue.Put(null);
        Assert.True(queue.TryGet(out object? item));
        Assert.Null(item);

        Task<object?> get = queue.GetAsync();
        queue.Put(null);
        Assert.Null(await get.Within());
    }

    [Fact]
    public void New_NegativeCapacityOrUnknownKind_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncQueue(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncQueue(kind: (AsyncQueueKind)7));
    }

    [Fact]
    public void Put_PriorityThatDoesNotFit_Throws()
    {
        Assert.Throws<ArgumentException>(() => new AsyncQueue().Put(1, priority: 1));
        Assert.Throws<ArgumentException>(() => new AsyncQueue(kind: AsyncQueueKind.Lifo).TryPut(1, priority: 1));
        Assert.Throws<ArgumentException>(() => { _ = new AsyncQueue(kind: AsyncQueueKind.Priority).PutAsync(1, double.NaN); });
    }

    [Fact]
    public async Task ToString_TellsNameAndState()
    {
        var queue = new AsyncQueue(2, name: "mail");
        Assert.Equal("AsyncQueue 'mail' (Fifo, 0 of 2 items)", queue.ToString());

        Task<object?> get = queue.GetAsync();
        Assert.Equal("AsyncQueue 'mail' (Fifo, 0 of 2 items, 1 waiting to get)", queue.ToString());

        PutAll(queue, 1, 2, 3);
        Task put = queue.PutAsync(4);
        Assert.Equal("AsyncQueue 'mail' (Fifo, 2 of 2 items, 1 waiting to put, 3 unfinished)", queue.ToString());

        queue.Close();
        Assert.Equal("AsyncQueue 'mail' (Fifo, 2 of 2 items, 3 unfinished, closed)", queue.ToString());
        Assert.Equal("AsyncQueue (Lifo, 0 items)", new AsyncQueue(kind: AsyncQueueKind.Lifo).ToString());

        Assert.Equal(1, await get.Within());
        await Assert.ThrowsAsync<QueueShutDownException>(() => put.Within());
    }

    private static void PutAll(AsyncQueue queue, params object?[] items) => Array.ForEach(items, item => queue.Put(item));

    /// <summary>What is in it now, in the order in which it comes out.</summary>
    private static List<object?> GetAll(AsyncQueue queue)
    {
        List<object?> items = [];
        while (!queue.IsEmpty)
        {
            items.Add(queue.Get());
        }

        return items;
    }
}
