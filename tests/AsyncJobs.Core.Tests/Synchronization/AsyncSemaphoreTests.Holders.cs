namespace AsyncJobs.Core.Tests;

public partial class AsyncSemaphoreTests
{
    private readonly object _one = new();
    private readonly object _two = new();

    [Fact]
    public void GetHolders_ThoseWhoTold_AreThereUntilTheyRelease()
    {
        var semaphore = new AsyncSemaphore(3);
        Assert.Empty(semaphore.GetHolders());

        semaphore.TryEnter(_one);
        semaphore.EnterAsync(_two, place: "a place", CancellationToken.None);
        Assert.Equal([_one, "a place"], semaphore.GetHolders());

        semaphore.Release(_one);
        Assert.Equal(["a place"], semaphore.GetHolders());
        semaphore.Release(_two);
        Assert.Empty(semaphore.GetHolders());
        Assert.Equal(0, semaphore.TakenCount);
    }

    [Fact]
    public void GetHolders_SeveralPermitsOfOne_AreEachCounted()
    {
        var semaphore = new AsyncSemaphore(2);
        semaphore.TryEnter(_one);
        semaphore.TryEnter(_one);
        Assert.Equal([_one, _one], semaphore.GetHolders());

        semaphore.Release(_one);
        Assert.Equal([_one], semaphore.GetHolders());
    }

    [Fact]
    public async Task Release_SomebodyWaits_TheHolderIsKnownFromThatMoment()
    {
        var semaphore = new AsyncSemaphore(1);
        semaphore.TryEnter(_one);
        Task waiting = semaphore.EnterAsync(_two, place: null, CancellationToken.None);
        Assert.Equal([_one], semaphore.GetHolders());

        semaphore.Release(_one);
        Assert.Equal([_two], semaphore.GetHolders());
        await waiting.Within();
    }

    [Fact]
    public async Task EnterAsync_HolderGaveUp_IsNone()
    {
        var semaphore = new AsyncSemaphore(1);
        semaphore.TryEnter(_one);
        using var giveUp = new CancellationTokenSource();
        Task waiting = semaphore.EnterAsync(_two, place: null, giveUp.Token);
        giveUp.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within());

        Assert.Equal([_one], semaphore.GetHolders());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => semaphore.EnterAsync(_two, place: null, giveUp.Token));
        semaphore.Release(_one);
        Assert.Empty(semaphore.GetHolders());
    }

    [Fact]
    public void Release_BySomebodyElse_NobodyIsKnownAnyMore()
    {
        var semaphore = new AsyncSemaphore(3);
        semaphore.TryEnter(_one);
        semaphore.TryEnter(_two);

        semaphore.Release();
        Assert.Empty(semaphore.GetHolders());
        Assert.Equal(1, semaphore.TakenCount);

        // One of the two comes back; its permit may have been the one that was given back.
        semaphore.TryEnter(_one);
        semaphore.Release(_two);
        Assert.Empty(semaphore.GetHolders());
    }

    [Fact]
    public void GetHolders_SomeDidNotTell_OnlyTheOthersAreThere()
    {
        var semaphore = new AsyncSemaphore(2);
        semaphore.TryEnter();
        semaphore.TryEnter(_one);

        Assert.Equal([_one], semaphore.GetHolders());
        Assert.Equal(2, semaphore.TakenCount);
    }

    [Fact]
    public void GetHolders_SemaphoreUsedAsSignal_HoldsNobody()
    {
        var semaphore = new AsyncSemaphore(0);
        for (int i = 0; i < 100; i++)
        {
            semaphore.Release();
            Assert.True(semaphore.TryEnter(new object()));
        }

        Assert.Empty(semaphore.GetHolders());
        Assert.Equal(0, semaphore.TakenCount);
    }

    [Fact]
    public void Release_BoundedAndFull_LeavesTheRestAsItIs()
    {
        var semaphore = new AsyncSemaphore(1, bounded: true);
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release(_one));
        Assert.True(semaphore.TryEnter(_one));
        Assert.Equal([_one], semaphore.GetHolders());
    }
}
