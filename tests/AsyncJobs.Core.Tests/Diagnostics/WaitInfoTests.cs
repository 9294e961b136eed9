namespace AsyncJobs.Core.Tests;

public class WaitInfoTests
{
    private readonly EventLoop _loop = new();
    private readonly TaskRunner _runner;

    public WaitInfoTests() => _runner = new TaskRunner(_loop, registry: null);

    [Fact]
    public void Things_Futures_AreThoseNotDoneOnce()
    {
        var done = new Future(_loop);
        var pending = new Future(_loop);
        done.SetResult(1);

        Assert.Equal([pending], Things(new[] { done, pending, pending }));
    }

    [Fact]
    public void Things_StandIns_AreWhatTheyStandFor()
    {
        Future[] futures = [new Future(_loop), new Future(_loop)];
        futures[0].SetResult(1);
        var queue = new CompletionQueue(_loop);
        Array.ForEach(futures, future => queue.Add(future));

        Assert.Equal([futures[1]], Things(new GatherFuture(_loop, futures, returnExceptions: false)));
        Assert.Equal([futures[1]], Things(queue));
    }

    [Fact]
    public void Things_Group_AreItsTasks()
    {
        var group = new AsyncTaskGroup(_loop, new ScriptParent(_loop));
        AsyncTask task = _runner.Start(AsyncTaskKind.IO, Forever, new TaskOptions { Group = group });

        Assert.Equal([task], Things(group));
        task.Cancel();
    }

    [Fact]
    public void Things_OneOrUnknown_AreItOrNone()
    {
        var gate = new AsyncLock();
        Assert.Equal([gate], Things(gate));
        Assert.Empty(Things(null));
    }

    [Fact]
    public async Task WaitingFor_Permit_IsTheSemaphoreUntilItIsGiven()
    {
        var semaphore = new AsyncSemaphore(0);
        AsyncTask task = _runner.Start(AsyncTaskKind.IO, Forever, new TaskOptions { Semaphore = semaphore });
        Assert.Equal([semaphore], task.WaitingFor);

        semaphore.Release();
        Limit.Until(() => task.State == AsyncState.Running);
        Assert.Empty(task.WaitingFor);
        task.Cancel();
        await task.EndWithin();
    }

    [Fact]
    public void WaitingFor_BehindTheThrottle_SaysSo()
    {
        var throttle = new AsyncSemaphore(1);
        AsyncTask first = _runner.Start(AsyncTaskKind.IO, Forever, new TaskOptions { Throttle = throttle });
        AsyncTask second = _runner.Start(AsyncTaskKind.IO, Forever, new TaskOptions { Throttle = throttle });

        Assert.Empty(first.WaitingFor);
        Assert.Equal([_loop.Terms.ThrottlePlace], second.WaitingFor);
        second.Cancel();
        Assert.Empty(second.WaitingFor);
        first.Cancel();
    }

    [Fact]
    public void WaitingFor_Protected_IsTheInnerOne()
    {
        var inner = new Future(_loop);
        var outer = new ProtectedTask(inner, new TaskOptions(), registry: null);

        Assert.Equal([inner], outer.WaitingFor);
        inner.SetResult(1);
        Assert.Empty(outer.WaitingFor);
    }

    [Fact]
    public void WaiterCount_Primitives_CountThoseInTheirQueues()
    {
        var gate = new AsyncLock();
        var queue = new AsyncQueue();
        gate.TryEnter();
        _ = gate.EnterAsync();
        _ = queue.GetAsync();
        Assert.Equal((1, 1), (((IHasWaiters)gate).WaiterCount, ((IHasWaiters)queue).WaiterCount));

        gate.Release();
        Assert.Equal(0, ((IHasWaiters)gate).WaiterCount);
    }

    [Fact]
    public void Holder_LockPassedOn_IsForgotten()
    {
        var gate = new AsyncLock();
        gate.TryEnter();
        gate.Holder = "me";
        Assert.Equal("me", gate.Holder);

        gate.Release();
        Assert.Null(gate.Holder);
        gate.Holder = "too late";
        Assert.Null(gate.Holder);
    }

    private static IReadOnlyList<object> Things(object? waitedFor) => new WaitInfo(Place: null, waitedFor).Things;

    private static async Task<object?> Forever(AsyncTask task, CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        return null;
    }
}
