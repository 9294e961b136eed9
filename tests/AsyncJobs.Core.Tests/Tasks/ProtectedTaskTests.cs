namespace AsyncJobs.Core.Tests;

public class ProtectedTaskTests
{
    private readonly EventLoop _loop = new();
    private readonly TaskRegistry _registry = new();
    private readonly TaskCompletionSource<object?> _work = new();
    private readonly AsyncTask _inner;

    public ProtectedTaskTests()
    {
        _inner = new TaskRunner(_loop, _registry).Start(AsyncTaskKind.IO, (_, stop) => _work.Task.WaitAsync(stop), new TaskOptions { Name = "inner" });
    }

    [Fact]
    public async Task Inner_Completes_GivesItsResult()
    {
        ProtectedTask outer = Protect();
        _work.SetResult("x");

        Assert.Equal("x", await outer.Within());
    }

    [Fact]
    public async Task Inner_Fails_FailsTheSameWayAndIsLookedAfter()
    {
        ProtectedTask outer = Protect();
        _work.SetException(new IOException("io"));

        Assert.Same(await Assert.ThrowsAsync<IOException>(() => outer.Within()), _inner.Fault!.Exception);
        Assert.Empty(_registry.TakeUnobservedFailures());
    }

    [Fact]
    public async Task Inner_Stopped_IsStopped()
    {
        ProtectedTask outer = Protect();
        _inner.Cancel("why");
        await outer.EndWithin();

        Assert.True(outer.IsCanceled);
        Assert.Contains("why", outer.Exception!.Message);
    }

    [Fact]
    public async Task Cancel_Outer_EndsItAloneAndAtOnce()
    {
        ProtectedTask outer = Protect();

        Assert.True(outer.Cancel("why"));
        Assert.True(outer.IsCanceled);
        Assert.False(_inner.IsCancellationRequested);
        Assert.False(outer.Cancel("again"));

        _work.SetResult("x");
        Assert.Equal("x", await _inner.Within());
    }

    [Fact]
    public async Task Inner_FailsAfterTheOuterWasCancelled_IsItsOwnToReport()
    {
        ProtectedTask outer = Protect();
        outer.Cancel("why");
        _work.SetException(new IOException());
        await _inner.EndWithin();

        Assert.Equal([_inner], _registry.TakeUnobservedFailures());
    }

    [Fact]
    public void New_Always_IsRunningAndInTheRegistry()
    {
        ProtectedTask outer = Protect();

        Assert.Equal(AsyncState.Running, outer.State);
        Assert.Contains(outer, _registry.GetPending());
    }

    private ProtectedTask Protect() => new(_inner, new TaskOptions(), _registry);
}
