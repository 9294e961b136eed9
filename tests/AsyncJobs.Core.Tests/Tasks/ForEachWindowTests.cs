namespace AsyncJobs.Core.Tests;

public class ForEachWindowTests
{
    private readonly EventLoop _loop = new();
    private readonly TaskRunner _runner;
    private readonly TaskCompletionSource<object?>[] _work = [new(), new(), new()];

    public ForEachWindowTests() => _runner = new TaskRunner(_loop, registry: null);

    [Fact]
    public async Task TryTakeNext_InInputOrder_WaitsForTheHead()
    {
        (ForEachWindow window, AsyncTask[] tasks) = AddAll(asCompleted: false);

        await End(tasks, 1);
        await End(tasks, 2);
        Assert.False(window.HasNext);
        Assert.False(window.TryTakeNext(out _));

        await End(tasks, 0);
        Assert.Equal(tasks, TakeAll(window));
    }

    [Fact]
    public async Task TryTakeNext_AsCompleted_GivesThemInOrderOfEnding()
    {
        (ForEachWindow window, AsyncTask[] tasks) = AddAll(asCompleted: true);
        Assert.False(window.HasNext);

        await End(tasks, 1);
        await End(tasks, 2);
        await End(tasks, 0);

        Assert.Equal([tasks[1], tasks[2], tasks[0]], TakeAll(window));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_SomeEnded_TellThem(bool asCompleted)
    {
        (ForEachWindow window, AsyncTask[] tasks) = AddAll(asCompleted);
        Assert.Equal((3, 3, 0, 0), Counts(window));

        await End(tasks, 0);
        Task ended = tasks[1].EndWithin();
        _work[1].SetException(new IOException());
        await ended;
        Assert.Equal((1, 3, 2, 1), Counts(window));

        Assert.True(window.TryTakeNext(out _));
        Assert.Equal((1, 2, 2, 1), Counts(window));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StopAll_SomeRunning_StopsThem(bool asCompleted)
    {
        (ForEachWindow window, AsyncTask[] tasks) = AddAll(asCompleted);
        await End(tasks, 0);
        Task ended = Task.WhenAll(tasks.Select(task => task.EndWithin()));

        window.StopAll("enough");
        await ended;

        Assert.Equal([AsyncState.Completed, AsyncState.Stopped, AsyncState.Stopped], tasks.Select(task => task.State));
        Assert.Equal(2, window.FailedCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HasNext_TaskEndsOnAnotherThread_WakesTheLoop(bool asCompleted)
    {
        var window = new ForEachWindow(_loop, asCompleted);
        Race.Run(5_000, 2, () =>
        {
            var work = new TaskCompletionSource<object?>();
            AsyncTask task = Start(work);
            window.Add(task);
            return new Round(
                () => Assert.True(window.TryTakeNext(out AsyncTask? taken) && taken == task),
                () => _loop.TurnUntil(() => window.HasNext),
                () => work.SetResult(null));
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NextEnding_AllHaveEndedBefore_IsDoneAtOnce(bool asCompleted)
    {
        (ForEachWindow window, AsyncTask[] tasks) = AddAll(asCompleted);
        await End(tasks, 0);
        await End(tasks, 1);
        await End(tasks, 2);

        Assert.True(window.NextEnding(() => window.HasNext).IsCompleted);
        Assert.True(window.NextEnding(() => window.RunningCount < tasks.Length).IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NextEnding_TaskEndsOnAnotherThread_IsNotMissed(bool asCompleted)
    {
        var window = new ForEachWindow(_loop, asCompleted);
        Race.Run(5_000, 2, () =>
        {
            var work = new TaskCompletionSource<object?>();
            AsyncTask task = Start(work);
            window.Add(task);
            return new Round(
                () => Assert.True(window.TryTakeNext(out AsyncTask? taken) && taken == task),
                () =>
                {
                    Future ending = window.NextEnding(() => window.HasNext);
                    _loop.TurnUntil(() => ending.IsCompleted);
                },
                () => work.SetResult(null));
        });
    }

    private static (int Running, int Outstanding, int Done, int Failed) Counts(ForEachWindow window) =>
        (window.RunningCount, window.OutstandingCount, window.DoneCount, window.FailedCount);

    private static List<AsyncTask> TakeAll(ForEachWindow window)
    {
        var taken = new List<AsyncTask>();
        while (window.TryTakeNext(out AsyncTask? task))
        {
            taken.Add(task);
        }

        return taken;
    }

    private async Task End(AsyncTask[] tasks, int index)
    {
        Task ended = tasks[index].EndWithin();
        _work[index].SetResult(index);
        await ended;
    }

    private (ForEachWindow Window, AsyncTask[] Tasks) AddAll(bool asCompleted)
    {
        var window = new ForEachWindow(_loop, asCompleted);
        AsyncTask[] tasks = [.. _work.Select(Start)];
        Array.ForEach(tasks, window.Add);
        return (window, tasks);
    }

    private AsyncTask Start(TaskCompletionSource<object?> work) =>
        _runner.Start(AsyncTaskKind.IO, (_, stop) => work.Task.WaitAsync(stop), new TaskOptions());
}
