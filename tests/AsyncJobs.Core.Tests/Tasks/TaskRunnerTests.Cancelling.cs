namespace AsyncJobs.Core.Tests;

/// <summary>Cancellation of tasks that await something, from outside, from inside and at every moment.</summary>
public partial class TaskRunnerTests
{
    [Fact]
    public async Task Cancel_WhatTheWorkAwaits_StopsTheTask()
    {
        var inner = new Future(new EventLoop());
        AsyncTask task = Start((_, _) => inner.AsTask());

        Task ended = task.EndWithin();
        inner.Cancel();
        await ended;

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.False(task.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancel_WhatTheWorkAwaits_TellsItsReason()
    {
        AsyncTask inner = Start((_, stop) => _work.Task.WaitAsync(stop));
        inner.Cancel("no longer needed");
        await inner.EndWithin();

        AsyncTask task = Start((_, _) => Task.FromResult(inner.GetResult()));

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.Contains("no longer needed", task.Exception!.Message);
    }

    [Fact]
    public async Task Cancel_TaskAndWhatItAwaits_StopsTheTaskOnce()
    {
        var inner = new Future(new EventLoop());
        AsyncTask task = Start((_, stop) => inner.AsTask().WaitAsync(stop));

        Task ended = task.EndWithin();
        Assert.True(inner.Cancel());
        task.Cancel();
        await ended;

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.False(task.Cancel());
    }

    [Fact]
    public async Task Cancel_WorkIgnoresItAndAwaitsOn_GoesOn()
    {
        AsyncTask task = Start(async (self, stop) =>
        {
            await SwallowCancellation(self, stop);
            return await _work.Task;
        });

        task.Cancel();
        Assert.False(task.IsCompleted);
        _work.SetResult(42);

        Assert.Equal(42, await task.Within());
        Assert.False(task.IsCanceled);
    }

    [Fact]
    public async Task Cancel_ByItsOwnWork_StopsItWhereItAwaitsNext()
    {
        bool hasGoneOn = false;
        AsyncTask task = Start(async (self, stop) =>
        {
            self.Cancel("by itself");
            await _work.Task.WaitAsync(stop);
            hasGoneOn = true;
            return null;
        });

        await task.EndWithin();

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.Contains("by itself", task.Exception!.Message);
        Assert.False(hasGoneOn);
    }

    [Fact]
    public void Cancel_ByItsOwnWorkAtItsEnd_GivesTheResult()
    {
        AsyncTask task = Start((self, _) =>
        {
            self.Cancel();
            return Task.FromResult<object?>(12);
        });

        Assert.Equal(12, task.GetResult());
    }

    [Fact]
    public async Task Cancel_NestedTasks_ReachesTheInnermost()
    {
        var inner = new Future(new EventLoop());
        AsyncTask nested = Start((_, stop) => CancelWith(inner, stop));
        AsyncTask outer = Start((_, stop) => CancelWith(nested, stop));

        Task ended = outer.EndWithin();
        outer.Cancel();
        await ended;

        Assert.All([inner, nested, outer], future => Assert.True(future.IsCanceled));
    }

    [Fact]
    public async Task Cancel_Sleeping_TakesTheTimerBack()
    {
        AsyncTask task = Start(async (_, stop) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(10), _clock, stop);
            return null;
        });
        Assert.Equal(1, _clock.TimerCount);

        task.Cancel();
        await task.EndWithin();

        Assert.Equal(0, _clock.TimerCount);
    }

    [Theory]
    [InlineData(AsyncState.Completed)]
    [InlineData(AsyncState.Failed)]
    [InlineData(AsyncState.Stopped)]
    public void Start_FromAnotherThread_TheLoopHearsOfItsEnd(AsyncState state)
    {
        var loop = new EventLoop();
        var runner = new TaskRunner(loop, registry: null);
        AsyncTask? task = null;
        using var isStarted = new ManualResetEventSlim();
        OtherThread other = OtherThread.Start(() =>
        {
            task = runner.Start(
                AsyncTaskKind.IO,
                async (_, _) =>
                {
                    await Task.Yield();
                    return state switch
                    {
                        AsyncState.Completed => 3,
                        AsyncState.Failed => throw new IOException(),
                        _ => throw new OperationCanceledException(),
                    };
                },
                new TaskOptions());
            isStarted.Set();
        });
        Assert.True(isStarted.Wait(Limit.Span));

        loop.TurnUntil(task!);
        other.Join();

        Assert.Equal(state, task!.State);
    }

    /// <summary>Awaits a future and passes a cancellation on to it, as a coroutine does.</summary>
    private static async Task<object?> CancelWith(Future inner, CancellationToken stop)
    {
        using (stop.UnsafeRegister(_ => inner.Cancel(), null))
        {
            return await inner;
        }
    }
}
