namespace AsyncJobs.Core.Tests;

public partial class AsyncSemaphoreTests
{
    [Fact]
    public async Task Release_TheFirstTwoWaitersCancelled_GoesToTheThirdAlone()
    {
        var semaphore = new AsyncSemaphore(0);
        using var stop = new CancellationTokenSource();
        Task[] cancelled = [semaphore.EnterAsync(stop.Token), semaphore.EnterAsync(stop.Token)];
        Task third = semaphore.EnterAsync();
        Task fourth = semaphore.EnterAsync();

        stop.Cancel();
        semaphore.Release();

        await third.Within();
        Assert.All(cancelled, wait => Assert.True(wait.IsCanceled));
        Assert.False(fourth.IsCompleted);
        semaphore.Release();
        await fourth.Within();
    }

    [Fact]
    public async Task EnterAsync_AgainRightAfterReleasing_StandsBehindThoseWhoWait()
    {
        var semaphore = new AsyncSemaphore(1);
        semaphore.TryEnter();
        Task[] waits = [semaphore.EnterAsync(), semaphore.EnterAsync()];

        semaphore.Release();
        Task again = semaphore.EnterAsync();

        await waits[0].Within();
        Assert.False(again.IsCompleted);
        semaphore.Release();
        await waits[1].Within();
        Assert.False(again.IsCompleted);
        semaphore.Release();
        await again.Within();
    }

    [Fact]
    public async Task Release_SeveralAtOnce_ServesAsManyInOrderAndNoneThatComesLater()
    {
        var semaphore = new AsyncSemaphore(0);
        Task[] waits = [.. Enumerable.Range(0, 4).Select(_ => semaphore.EnterAsync())];

        for (int i = 0; i < 3; i++)
        {
            semaphore.Release();
        }

        Assert.False(semaphore.TryEnter());
        await Task.WhenAll(waits[..3]).Within();
        Assert.False(waits[3].IsCompleted);
        Assert.Equal(0, semaphore.CurrentCount);
    }
}
