using System.Net;
using System.Net.Sockets;

namespace AsyncJobs.Core.Tests.Network;

public sealed class HostResolverTests : IDisposable
{
    private readonly HeldLookups _lookups = new();

    public void Dispose() => _lookups.Dispose();

    [Fact]
    public async Task FindAsync_BesideManyWithoutAnswer_IsNotHeldUp()
    {
        var resolver = new HostResolver(_lookups.Find);
        using var stop = new CancellationTokenSource();
        Task<IPHostEntry>[] silent = Enumerable.Range(0, 500).Select(i => resolver.FindAsync($"silent{i}", stop.Token)).ToArray();

        IPHostEntry[] known = await Task.WhenAll(
            Enumerable.Range(0, 500).Select(i => resolver.FindAsync($"known{i}", CancellationToken.None))).Within();

        Assert.Equal("known499", known[^1].HostName);
        Assert.DoesNotContain(silent, task => task.IsCompleted);

        // The thread pool is free: its timers and continuations run.
        await Task.Delay(1).Within();
        stop.Cancel();
        await Task.WhenAll(silent.Select(task => Assert.ThrowsAnyAsync<OperationCanceledException>(() => task))).Within();
    }

    [Fact]
    public async Task FindAsync_SameNameAtTheSameTime_AsksOnce()
    {
        var resolver = new HostResolver(_lookups.Find);

        Task<IPHostEntry>[] all = Enumerable.Range(0, 100)
            .Select(i => resolver.FindAsync(i % 2 == 0 ? "silent" : "SILENT", CancellationToken.None))
            .ToArray();
        _lookups.Release();

        await Task.WhenAll(all.Select(task => Assert.ThrowsAsync<SocketException>(() => task))).Within();
        Assert.Equal(1, _lookups.AskedFor("silent"));
        Assert.Equal(1, resolver.ThreadCount);
    }

    [Fact]
    public async Task FindAsync_AfterAllHaveLeftOneThatHangs_AsksAnew()
    {
        var resolver = new HostResolver(_lookups.Find);
        using var stop = new CancellationTokenSource();
        Task<IPHostEntry> first = resolver.FindAsync("silent", stop.Token);
        Limit.Until(() => _lookups.HeldCount == 1);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Within());

        Task<IPHostEntry> second = resolver.FindAsync("silent", CancellationToken.None);

        Limit.Until(() => _lookups.AskedFor("silent") == 2);
        _lookups.Release();
        await Assert.ThrowsAsync<SocketException>(() => second.Within());
    }

    [Fact]
    public async Task FindAsync_WithAllThreadsHeld_WaitsInLineAndCanBeStopped()
    {
        var resolver = new HostResolver(_lookups.Find, threadLimit: 2);
        Task<IPHostEntry>[] held = [resolver.FindAsync("silent1", CancellationToken.None), resolver.FindAsync("silent2", CancellationToken.None)];
        Limit.Until(() => _lookups.HeldCount == 2);
        using var stop = new CancellationTokenSource();
        Task<IPHostEntry> left = resolver.FindAsync("known left", stop.Token);
        Task<IPHostEntry> waiting = resolver.FindAsync("known", CancellationToken.None);

        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.Within());
        Assert.False(waiting.IsCompleted);
        _lookups.Release();

        Assert.Equal("known", (await waiting.Within()).HostName);
        await Task.WhenAll(held.Select(task => Assert.ThrowsAsync<SocketException>(() => task))).Within();
        Assert.Equal(0, _lookups.AskedFor("known left"));
    }

    [Fact]
    public async Task FindAsync_AlreadyStopped_AsksNobody()
    {
        var resolver = new HostResolver(_lookups.Find);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolver.FindAsync("known", new CancellationToken(canceled: true)));

        Assert.Equal(0, _lookups.AskedFor("known"));
    }

    [Fact]
    public async Task Threads_OfManyAtOnce_EndWhenThereIsNothingToDo()
    {
        var resolver = new HostResolver(_lookups.Find);
        Task<IPHostEntry>[] all = Enumerable.Range(0, 200).Select(i => resolver.FindAsync($"silent{i}", CancellationToken.None)).ToArray();
        Limit.Until(() => _lookups.HeldCount == 200);
        Assert.Equal(200, resolver.ThreadCount);

        _lookups.Release();
        await Task.WhenAll(all.Select(task => Assert.ThrowsAsync<SocketException>(() => task))).Within();

        Limit.Until(() => resolver.ThreadCount == 0);
        Assert.Equal("known", (await resolver.FindAsync("known", CancellationToken.None).Within()).HostName);
    }
}
