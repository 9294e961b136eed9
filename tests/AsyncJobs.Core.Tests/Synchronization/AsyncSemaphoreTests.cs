using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Tests;

public partial class AsyncSemaphoreTests
{
    [Fact]
    public void TryEnter_PermitsFree_TakesOneEach()
    {
        var semaphore = new AsyncSemaphore(2);

        Assert.True(semaphore.TryEnter());
        Assert.True(semaphore.TryEnter());
        Assert.False(semaphore.TryEnter());
        Assert.Equal(0, semaphore.CurrentCount);
    }

    [Fact]
    public void EnterAsync_PermitFree_EndsAtOnce()
    {
        var semaphore = new AsyncSemaphore(1);

        Assert.True(semaphore.EnterAsync().IsCompletedSuccessfully);
        Assert.Equal(0, semaphore.CurrentCount);
    }

    [Fact]
    public async Task EnterAsync_SeveralWaiting_AreServedInOrder()
    {
        var semaphore = new AsyncSemaphore(0);
        Task[] waits = [.. Enumerable.Range(0, 5).Select(_ => semaphore.EnterAsync())];
        Assert.Equal(5, semaphore.WaitingCount);

        for (int i = 0; i < waits.Length; i++)
        {
            semaphore.Release();
            await waits[i].Within();
            Assert.All(waits[(i + 1)..], wait => Assert.False(wait.IsCompleted));
        }

        Assert.Equal(0, semaphore.CurrentCount);
        Assert.Equal(0, semaphore.WaitingCount);
    }

    [Fact]
    public async Task TryEnter_PermitReleasedToAWaiter_DoesNotOvertake()
    {
        var semaphore = new AsyncSemaphore(0);
        Task wait = semaphore.EnterAsync();

        semaphore.Release();

        Assert.False(semaphore.TryEnter());
        await wait.Within();
    }

    [Fact]
    public async Task EnterAsync_WaiterCancelled_LeavesTheQueueAndTheNextIsServed()
    {
        var semaphore = new AsyncSemaphore(0);
        using var stop = new CancellationTokenSource();
        Task cancelled = semaphore.EnterAsync(stop.Token);
        Task next = semaphore.EnterAsync();

        stop.Cancel();
        Assert.Equal(1, semaphore.WaitingCount);
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());
        Assert.Equal(stop.Token, thrown.CancellationToken);

        semaphore.Release();
        await next.Within();
        Assert.Equal(0, semaphore.CurrentCount);
    }

    [Fact]
    public async Task EnterAsync_CancelledAfterTheHandOver_KeepsThePermit()
    {
        var semaphore = new AsyncSemaphore(0);
        using var stop = new CancellationTokenSource();
        Task wait = semaphore.EnterAsync(stop.Token);

        semaphore.Release();
        stop.Cancel();

        await wait.Within();
        Assert.Equal(0, semaphore.CurrentCount);
    }

    [Fact]
    public void EnterAsync_CancelledToken_TakesNoFreePermit()
    {
        var semaphore = new AsyncSemaphore(1);

        Assert.True(semaphore.EnterAsync(new CancellationToken(canceled: true)).IsCanceled);

        Assert.Equal(1, semaphore.CurrentCount);
    }

    [Fact]
    public void Release_Unbounded_GoesAboveTheInitialCount()
    {
        var semaphore = new AsyncSemaphore(1);

        semaphore.Release();

        Assert.Equal(2, semaphore.CurrentCount);
        Assert.Equal(1, semaphore.InitialCount);
    }

    [Fact]
    public void Release_BoundedAndFull_Throws()
    {
        var semaphore = new AsyncSemaphore(1, bounded: true);

        Assert.Throws<SemaphoreFullException>(semaphore.Release);

        Assert.Equal(1, semaphore.CurrentCount);
        Assert.True(semaphore.TryEnter());
        semaphore.Release();
    }

    [Fact]
    public void New_NegativeCount_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncSemaphore(-1));

    [Fact]
    public void ToString_Named_TellsNameAndPermits()
    {
        string name = NewName();
        AsyncSemaphore semaphore = AsyncSemaphore.GetOrCreate(name, 3);
        semaphore.TryEnter();

        Assert.Equal($"AsyncSemaphore '{name}' (2 of 3 free)", semaphore.ToString());
        Assert.Equal("AsyncSemaphore (1 of 1 free)", new AsyncSemaphore(1).ToString());
    }

    [Fact]
    public void GetOrCreate_SameNameInAnyCase_IsTheSame()
    {
        string name = NewName();
        AsyncSemaphore first = AsyncSemaphore.GetOrCreate(name, 2, bounded: true);

        Assert.Same(first, AsyncSemaphore.GetOrCreate(name.ToUpperInvariant(), 2, bounded: true));
        Assert.Equal(name, first.Name);
    }

    [Fact]
    public void GetOrCreate_OtherCountOrBound_Throws()
    {
        string name = NewName();
        AsyncSemaphore first = AsyncSemaphore.GetOrCreate(name, 2);

        Assert.Contains(name, Assert.Throws<ArgumentException>(() => AsyncSemaphore.GetOrCreate(name, 3)).Message);
        Assert.Throws<ArgumentException>(() => AsyncSemaphore.GetOrCreate(name, 2, bounded: true));
        Assert.Equal(2, first.CurrentCount);
        GC.KeepAlive(first);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void GetOrCreate_BlankName_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => AsyncSemaphore.GetOrCreate(name, 1));

    [Fact]
    public void GetOrCreate_NobodyHoldsTheOldOne_MakesANewOne()
    {
        string name = NewName();
        MakeAndForget(name);
        GC.Collect();

        Assert.Equal(5, AsyncSemaphore.GetOrCreate(name, 5).InitialCount);
    }

    private static string NewName() => $"test-{Guid.NewGuid():n}";

    // A method of its own, so that no local of the test keeps the semaphore.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeAndForget(string name) => AsyncSemaphore.GetOrCreate(name, 1);
}
