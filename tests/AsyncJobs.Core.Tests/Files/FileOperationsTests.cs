using Xunit;

namespace AsyncJobs.Core.Tests.Files;

public sealed class FileOperationsTests
{
    [Fact]
    public async Task RunAsync_OperationThatNeverReturns_LetsItsWaiterGo()
    {
        using var stop = new CancellationTokenSource();
        using var stuck = new ManualResetEventSlim();
        Task<object?> running = FileOperations.RunAsync(
            _ =>
            {
                stop.Cancel();
                stuck.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
                return null;
            },
            stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(10)));
        stuck.Set();
    }

    [Fact]
    public async Task RunAsync_DoneJustAfterItWasStopped_GivesItsResult()
    {
        using var stop = new CancellationTokenSource();

        object? result = await FileOperations.RunAsync(
            _ =>
            {
                stop.Cancel();
                return "done";
            },
            grace: Limit.Span,
            stop.Token);

        Assert.Equal("done", result);
    }

    [Fact]
    public async Task RunAsync_ManyAtOnce_RunsABoundedNumber()
    {
        int running = 0;
        int most = 0;

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => FileOperations.RunAsync(
            _ =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                Thread.Yield();
                Interlocked.Decrement(ref running);
                return null;
            },
            CancellationToken.None)));

        Assert.InRange(most, 1, Math.Max(16, 4 * Environment.ProcessorCount));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (seen < value)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen) is var found && found == seen ? value : found;
        }
    }
}
