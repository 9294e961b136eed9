namespace AsyncJobs.Core.Tests;

public class CompletionQueueOrderTests
{
    private readonly EventLoop _loop = new();
    private readonly TaskRunner _runner;
    private readonly TaskCompletionSource<object?>[] _work = [new(), new(), new()];

    public CompletionQueueOrderTests() => _runner = new TaskRunner(_loop, registry: null);

    [Fact]
    public async Task TryTake_InInputOrder_WaitsForTheHead()
    {
        (CompletionQueue queue, AsyncTask[] tasks) = AddAll(asCompleted: false);

        await End(tasks, 1);
        await End(tasks, 2);
        Assert.False(queue.HasNext);
        Assert.False(queue.TryTake(out _));

        await End(tasks, 0);
        Assert.Equal(tasks, TakeAll(queue));
    }

    [Fact]
    public async Task TryTake_AsCompleted_GivesThemInOrderOfEnding()
    {
        (CompletionQueue queue, AsyncTask[] tasks) = AddAll(asCompleted: true);
        Assert.False(queue.HasNext);

        await End(tasks, 1);
        await End(tasks, 2);
        await End(tasks, 0);

        Assert.Equal([tasks[1], tasks[2], tasks[0]], TakeAll(queue));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_SomeEnded_TellThem(bool asCompleted)
    {
        (CompletionQueue queue, AsyncTask[] tasks) = AddAll(asCompleted);
        Assert.Equal((3, 3, 0, 0), Counts(queue));

        await End(tasks, 0);
        Task ended = tasks[1].EndWithin();
        _work[1].SetException(new IOException());
        await ended;
        Assert.Equal((1, 3, 2, 1), Counts(queue));

        Assert.True(queue.TryTake(out _));
        Assert.Equal((1, 2, 2, 1), Counts(queue));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StopAll_SomeRunning_StopsThem(bool asCompleted)
    {
        (CompletionQueue queue, AsyncTask[] tasks) = AddAll(asCompleted);
        await End(tasks, 0);
        Task ended = Task.WhenAll(tasks.Select(task => task.EndWithin()));

        queue.StopAll("enough");
        await ended;

        Assert.Equal([AsyncState.Completed, AsyncState.Stopped, AsyncState.Stopped], tasks.Select(task => task.State));
        Assert.Equal(2, queue.FailedCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HasNext_TaskEndsOnAnotherThread_WakesTheLoop(bool asCompleted)
    {
        RaceWithEnd(asCompleted, queue => _loop.TurnUntil(() => queue.HasNext));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NextEnding_AllHaveEndedBefore_IsDoneAtOnce(bool asCompleted)
    {
        (CompletionQueue queue, AsyncTask[] tasks) = AddAll(asCompleted);
        await End(tasks, 0);
        await End(tasks, 1);
        await End(tasks, 2);

        Assert.True(queue.NextEnding(() => queue.HasNext).IsCompleted);
        Assert.True(queue.NextEnding(() => queue.RunningCount < tasks.Length).IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NextEnding_TaskEndsOnAnotherThread_IsNotMissed(bool asCompleted)
    {
        RaceWithEnd(asCompleted, queue =>
        {
            Future ending = queue.NextEnding(() => queue.HasNext);
            _loop.TurnUntil(() => ending.IsCompleted);
        });
    }

    private void RaceWithEnd(bool asCompleted, Action<CompletionQueue> wait)
    {
        var queue = new CompletionQueue(_loop, inInputOrder: !asCompleted);
        Race.Run(5_000, 2, () =>
        {
            var work = new TaskCompletionSource<object?>();
            AsyncTask task = Start(work);
            queue.Add(task);
            return new Round(
                () => Assert.True(queue.TryTake(out Future? taken) && taken == task),
                () => wait(queue),
                () => work.SetResult(null));
        });
    }

    private static (int Running, int Outstanding, int Done, int Failed) Counts(CompletionQueue queue) =>
        (queue.RunningCount, queue.OutstandingCount, queue.DoneCount, queue.FailedCount);

    private static List<Future> TakeAll(CompletionQueue queue)
    {
        var taken = new List<Future>();
        while (queue.TryTake(out Future? task))
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

    private (CompletionQueue Queue, AsyncTask[] Tasks) AddAll(bool asCompleted)
    {
        var queue = new CompletionQueue(_loop, inInputOrder: !asCompleted);
        AsyncTask[] tasks = [.. _work.Select(Start)];
        Array.ForEach(tasks, task => queue.Add(task));
        return (queue, tasks);
    }

    private AsyncTask Start(TaskCompletionSource<object?> work) =>
        _runner.Start(AsyncTaskKind.IO, (_, stop) => work.Task.WaitAsync(stop), new TaskOptions());
}
