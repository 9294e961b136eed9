using Xunit;

namespace AsyncJobs.Core.Tests.Files;

public sealed class FileTurnsTests
{
    [Fact]
    public async Task EnterAsync_SameFile_OneAfterTheOther()
    {
        IDisposable first = await FileTurns.EnterAsync("/turns/one", CancellationToken.None);
        Task<IDisposable> second = FileTurns.EnterAsync("/turns/one", CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }

    [Fact]
    public async Task EnterAsync_OtherFile_DoesNotWait()
    {
        using IDisposable first = await FileTurns.EnterAsync("/turns/two", CancellationToken.None);
        ValueTask<IDisposable> other = FileTurns.EnterAsync("/turns/three", CancellationToken.None);

        Assert.True(other.IsCompletedSuccessfully);
        (await other).Dispose();
    }

    [Fact]
    public async Task EnterAsync_Cancelled_PassesNothingOn()
    {
        using var stop = new CancellationTokenSource();
        IDisposable first = await FileTurns.EnterAsync("/turns/four", CancellationToken.None);
        Task<IDisposable> cancelled = FileTurns.EnterAsync("/turns/four", stop.Token).AsTask();
        Task<IDisposable> third = FileTurns.EnterAsync("/turns/four", CancellationToken.None).AsTask();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        first.Dispose();

        (await third.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }
}
