using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Tests;

public class TaskRegistryTests
{
    private readonly TaskRegistry _registry = new();
    private readonly TaskRunner _runner;

    public TaskRegistryTests() => _runner = new TaskRunner(new EventLoop(), _registry);

    [Fact]
    public void GetPending_SomeDone_AreTheOthersOldestFirst()
    {
        AsyncTask first = StartPending();
        AsyncTask done = StartDone();
        AsyncTask second = StartPending();

        Assert.Equal([first, second], _registry.GetPending());
        Assert.Equal(2, _registry.PendingCount);
        Assert.Equal([first, done, second], _registry.GetKnown());
    }

    [Fact]
    public async Task Totals_SomeStartedAndEnded_CountThemByTheirEnds()
    {
        AsyncTask pending = StartPending();
        TaskTotals before = _registry.Totals;
        AsyncTask done = StartDone();
        AsyncTask failed = _runner.Start(AsyncTaskKind.IO, (_, _) => throw new IOException(), new TaskOptions());
        Assert.Equal(new TaskTotals { Started = 2, Completed = 1, Failed = 1 }, _registry.Totals - before);
        Assert.Equal([done, failed], _registry.GetDone().OrderBy(task => task.Id));
        Assert.NotNull(failed.SinceEnd);
        Assert.Null(pending.SinceEnd);

        Task ended = pending.EndWithin();
        pending.Cancel();
        await ended;
        Assert.Equal(1, _registry.Totals.Stopped);
        Assert.Equal(3, _registry.Totals.Ended);
    }

    [Fact]
    public void GetPending_NobodyElseHoldsTheTask_StillHasIt()
    {
        WeakReference task = Forget(() => StartPending());

        GC.Collect();

        Assert.True(task.IsAlive);
        Assert.Single(_registry.GetPending());
    }

    [Fact]
    public void GetKnown_NobodyHoldsTheDoneTask_HasLetItGo()
    {
        WeakReference task = Forget(() => StartDone());

        GC.Collect();

        Assert.False(task.IsAlive);
        Assert.Empty(_registry.GetKnown());
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(4500)]
    public void GetKnown_ManyDone_RemembersTheLastThousand(int count)
    {
        AsyncTask[] tasks = [.. Enumerable.Range(0, count).Select(_ => StartDone())];

        Assert.Equal(tasks[^1000..], _registry.GetKnown());
    }

    [Fact]
    public void Failures_ThatSomebodyLookedAt_AreLetGoWithoutBeingTaken()
    {
        WeakReference seen = Forget(() =>
        {
            AsyncTask task = StartFailed();
            task.MarkObserved();
            return task;
        });
        AsyncTask[] unseen = [.. Enumerable.Range(0, 2000).Select(_ => StartFailed())];

        GC.Collect();

        Assert.False(seen.IsAlive);
        Assert.Equal(unseen, _registry.TakeUnobservedFailures());
    }

    [Fact]
    public void TakeUnobservedFailures_NobodyLooked_GivesItOnce()
    {
        AsyncTask failed = StartFailed();
        StartDone();

        Assert.Equal([failed], _registry.TakeUnobservedFailures());
        Assert.Empty(_registry.TakeUnobservedFailures());
    }

    [Fact]
    public void TakeUnobservedFailures_SomebodyLooked_GivesNothing()
    {
        Assert.NotNull(StartFailed().Exception);

        Assert.Empty(_registry.TakeUnobservedFailures());
    }

    [Theory]
    [InlineData(AsyncState.Completed, false)]
    [InlineData(AsyncState.Stopped, false)]
    [InlineData(AsyncState.Failed, true)]
    public void TakeUnobservedFailures_PlainFuture_GivesItIfItFailed(AsyncState state, bool isGiven)
    {
        var future = new Future(new EventLoop());
        _registry.NoteFailureOf(future);

        End(future, state);

        Assert.Equal(isGiven ? [future] : [], _registry.TakeUnobservedFailures());
        Assert.Empty(_registry.TakeUnobservedFailures());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TakeUnobservedFailures_PlainFutureLookedAt_GivesNothing(bool isCancelled)
    {
        var future = new Future(new EventLoop());
        _registry.NoteFailureOf(future);
        End(future, AsyncState.Failed);

        _ = isCancelled ? future.Cancel() : future.Exception is not null;

        Assert.Empty(_registry.TakeUnobservedFailures());
    }

    [Fact]
    public void TakeUnobservedFailures_TaskCancelledAfterItFailed_GivesNothing()
    {
        Assert.False(StartFailed().Cancel());

        Assert.Empty(_registry.TakeUnobservedFailures());
    }

    [Fact]
    public void TakeUnobservedFailures_NobodyHoldsTheTask_StillGivesIt()
    {
        Forget(() => StartFailed());

        GC.Collect();

        Assert.Single(_registry.TakeUnobservedFailures());
    }

    [Fact]
    public void DropObservedFailures_OneObserved_IsHeldNoMore()
    {
        WeakReference observed = Forget(() =>
        {
            AsyncTask task = StartFailed();
            task.MarkObserved();
            return task;
        });
        AsyncTask other = StartFailed();

        _registry.DropObservedFailures();
        GC.Collect();

        Assert.False(observed.IsAlive);
        Assert.Equal([other], _registry.TakeUnobservedFailures());
    }

    [Fact]
    public async Task StopAll_SomePending_StopsThemWithTheReason()
    {
        AsyncTask[] tasks = [StartPending(), StartPending()];
        Task ended = Task.WhenAll(tasks.Select(task => task.EndWithin()));

        _registry.StopAll("the session ends");
        await ended;

        Assert.All(tasks, task => Assert.Contains("the session ends", task.Exception!.Message));
        Assert.Equal(0, _registry.PendingCount);
        Assert.Empty(_registry.TakeUnobservedFailures());
    }

    // A method of its own, so that no local of the test keeps the task.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget(Func<AsyncTask> start) => new(start());

    private AsyncTask StartPending() => Start((_, stop) => new TaskCompletionSource<object?>().Task.WaitAsync(stop));

    private AsyncTask StartDone() => Start((_, _) => Task.FromResult<object?>(1));

    private AsyncTask StartFailed() => Start((_, _) => throw new IOException("gone"));

    private AsyncTask Start(TaskWork work) => _runner.Start(AsyncTaskKind.IO, work, new TaskOptions());

    private static void End(Future future, AsyncState state)
    {
        switch (state)
        {
            case AsyncState.Completed:
                future.SetResult(1);
                break;
            case AsyncState.Failed:
                future.SetException(new IOException());
                break;
            default:
                future.Cancel();
                break;
        }
    }
}
