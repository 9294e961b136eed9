namespace AsyncJobs.Core.Tests;

public class AsyncTaskTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TaskCompletionSource<object?> _work = new();
    private readonly TaskRunner _runner;

    public AsyncTaskTests() => _runner = new TaskRunner(new EventLoop(_clock), registry: null);

    [Fact]
    public void Id_TwoTasks_DiffersAndGivesTheName()
    {
        AsyncTask first = Start();
        AsyncTask second = Start();

        Assert.True(second.Id > first.Id);
        Assert.Equal($"Task{first.Id}", first.Name);
        Assert.Equal($"AsyncTask {first.Id} 'Task{first.Id}'", first.ToString());
    }

    [Fact]
    public void New_Options_AreShown()
    {
        AsyncTask task = Start(new TaskOptions { Name = "n", Origin = "file: 3" }, input: 7, streams: "host");

        Assert.Equal(("n", "file: 3", 7, "host"), (task.Name, task.Origin, task.InputObject, task.Streams));
        Assert.Equal(AsyncTaskKind.IO, task.Kind);
    }

    [Fact]
    public async Task SetResult_Always_IsRefused()
    {
        AsyncTask task = Start();

        Assert.Throws<InvalidStateException>(() => task.SetResult(1));
        Assert.Throws<InvalidStateException>(() => task.SetException(new IOException()));
        Assert.Equal(AsyncState.Running, task.State);

        _work.SetResult("own");
        Assert.Equal("own", await task.Within());
        Assert.Throws<InvalidStateException>(() => task.SetResult(1));
    }

    [Fact]
    public async Task Cancel_Twice_KeepsTheFirstReason()
    {
        AsyncTask task = Start();

        Assert.True(task.Cancel("first"));
        task.Cancel("second");
        await task.EndWithin();

        Assert.True(task.IsCancellationRequested && task.IsCanceled);
        Assert.Contains("first", task.Exception!.Message);
    }

    [Fact]
    public void Uncancel_AfterCancellations_TakesThemBackOneByOne()
    {
        AsyncTask task = Start();
        Assert.Equal(0, task.Uncancel());

        task.Cancel();
        task.Cancel();
        Assert.Equal(2, task.CancellationCount);
        Assert.Equal(1, task.Uncancel());
        Assert.True(task.IsCancellationRequested);
        Assert.Equal(0, task.Uncancel());
        Assert.False(task.IsCancellationRequested);
        Assert.Equal(0, task.Uncancel());
    }

    [Fact]
    public async Task Cancel_Done_IsFalseAndChangesNothing()
    {
        AsyncTask task = Start();
        _work.SetResult(1);
        await task.EndWithin();

        Assert.False(task.Cancel());

        Assert.False(task.IsCancellationRequested);
        Assert.Equal(AsyncState.Completed, task.State);
    }

    [Fact]
    public async Task Duration_QueuedThenRunThenEnded_IsOnlyTheRun()
    {
        var semaphore = new AsyncSemaphore(0);
        AsyncTask task = Start(new TaskOptions { Semaphore = semaphore });
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, task.Duration);

        semaphore.Release();
        Limit.Until(() => task.State == AsyncState.Running);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), task.Duration);

        Task ended = task.EndWithin();
        _work.SetResult(null);
        await ended;
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(5), task.Duration);
        Assert.Equal(TimeSpan.FromSeconds(125), task.Age);
    }

    private AsyncTask Start(TaskOptions? options = null, object? input = null, object? streams = null) =>
        _runner.Start(AsyncTaskKind.IO, (_, stop) => _work.Task.WaitAsync(stop), options ?? new TaskOptions(), input, streams);
}
