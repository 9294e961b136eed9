namespace AsyncJobs.Core.Tests;

public class TaskAdaptersTests
{
    private readonly TaskRunner _runner = new(new EventLoop(), registry: null);

    [Fact]
    public async Task FromTask_TaskWithResult_GivesIt()
    {
        var source = new TaskCompletionSource<int>();
        AsyncTask task = Adopt(source.Task);
        Assert.Equal((AsyncState.Running, AsyncTaskKind.IO), (task.State, task.Kind));

        source.SetResult(42);

        Assert.Equal(42, await task.Within());
    }

    [Fact]
    public async Task FromTask_NullResult_IsOneValue()
    {
        AsyncTask task = Adopt(Task.FromResult<string?>(null));
        await task.EndWithin();

        Assert.Null(Assert.Single(task.Output));
    }

    [Fact]
    public async Task FromTask_AsyncMethodWithResult_GivesIt() => Assert.Equal("late", await Adopt(LateResult()).Within());

    [Fact]
    public async Task FromTask_AsyncMethodWithoutResult_GivesNoOutput()
    {
        AsyncTask task = Adopt(LateNothing());
        await task.EndWithin();

        Assert.Equal(AsyncState.Completed, task.State);
        Assert.Empty(task.Output);
    }

    [Fact]
    public void FromTask_PlainTask_GivesNoOutput()
    {
        AsyncTask task = Adopt(Task.CompletedTask);

        Assert.Equal(AsyncState.Completed, task.State);
        Assert.Empty(task.Output);
    }

    [Fact]
    public async Task FromTask_Faulted_FailsWithTheInnerException()
    {
        var thrown = new IOException("gone");

        AsyncTask task = Adopt(Task.FromException(thrown));
        await task.EndWithin();

        Assert.Same(thrown, task.Exception);
    }

    [Fact]
    public async Task FromTask_Cancelled_IsStopped()
    {
        AsyncTask task = Adopt(Task.FromCanceled(new CancellationToken(canceled: true)));
        await task.EndWithin();

        Assert.Equal(AsyncState.Stopped, task.State);
    }

    [Fact]
    public async Task Cancel_TaskNotDone_StopsTheWaitAndLeavesTheTask()
    {
        var source = new TaskCompletionSource<int>();
        AsyncTask task = Adopt(source.Task);

        task.Cancel();
        await task.EndWithin();

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.False(source.Task.IsCompleted);
    }

    [Fact]
    public async Task FromWaitHandle_Signalled_CompletesWithNoOutput()
    {
        using var handle = new ManualResetEvent(false);
        AsyncTask task = TaskAdapters.FromWaitHandle(_runner, handle, new TaskOptions());
        Assert.Equal(AsyncState.Running, task.State);

        handle.Set();
        await task.EndWithin();

        Assert.Equal(AsyncState.Completed, task.State);
        Assert.Empty(task.Output);
    }

    [Fact]
    public async Task FromWaitHandle_Stopped_EndsUnsignalled()
    {
        using var handle = new AutoResetEvent(false);
        AsyncTask task = TaskAdapters.FromWaitHandle(_runner, handle, new TaskOptions());

        task.Cancel();
        await task.EndWithin();

        Assert.Equal(AsyncState.Stopped, task.State);
    }

    private static async Task<string> LateResult()
    {
        await Task.Yield();
        return "late";
    }

    private static async Task LateNothing() => await Task.Yield();

    private AsyncTask Adopt(Task source) => TaskAdapters.FromTask(_runner, source, new TaskOptions());
}
