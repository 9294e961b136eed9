using System.Collections.Concurrent;

namespace AsyncJobs.Core.Tests;

public partial class TaskRunnerTests
{
    [Fact]
    public async Task Semaphore_OnePermit_RunsTasksInOrderOfStarting()
    {
        var options = new TaskOptions { Semaphore = new AsyncSemaphore(0) };
        var ran = new List<int>();
        AsyncTask[] tasks = [.. Enumerable.Range(0, 10).Select(i => Start(
            (_, _) =>
            {
                ran.Add(i);
                return Task.FromResult<object?>(null);
            },
            options))];
        Assert.All(tasks, task => Assert.Equal(AsyncState.NotStarted, task.State));

        options.Semaphore.Release();
        foreach (AsyncTask task in tasks)
        {
            await task.Within();
        }

        Assert.Equal(Enumerable.Range(0, 10), ran);
        Assert.Equal(1, options.Semaphore.CurrentCount);
    }

    [Theory]
    [InlineData(AsyncTaskKind.Thread, true)]
    [InlineData(AsyncTaskKind.IO, false)]
    public async Task BeginNextHere_TasksBehindThrottle_BeginOnTheThreadThatEndsTheOneBefore(AsyncTaskKind kind, bool isHere)
    {
        var options = new TaskOptions { Throttle = new AsyncSemaphore(1) };
        var work = new TaskCompletionSource<object?>();
        AsyncTask first = Start((_, _) => work.Task, options);

        // The one in the middle ends as it begins, and so makes room for the last.
        var begun = new ConcurrentQueue<int>();
        AsyncTask[] others = [.. Enumerable.Range(0, 3).Select(_ => _runner.Start(
            kind,
            (_, _) =>
            {
                begun.Enqueue(Environment.CurrentManagedThreadId);
                return Task.FromResult<object?>(null);
            },
            options))];
        int own = 0;
        var thread = new Thread(() =>
        {
            own = Environment.CurrentManagedThreadId;
            TaskRunner.BeginNextHere(() => work.SetResult(null));
        });
        thread.Start();
        foreach (AsyncTask task in others.Prepend(first))
        {
            await task.Within();
        }

        thread.Join();
        Assert.Equal(3, begun.Count);
        Assert.All(begun, id => Assert.Equal(isHere, id == own));
    }

    [Theory]
    [InlineData(AsyncState.Completed)]
    [InlineData(AsyncState.Failed)]
    [InlineData(AsyncState.Stopped)]
    public async Task Permits_TaskSeenToEnd_AreFreeByThen(AsyncState ending)
    {
        TaskOptions options = OnePermitEach();
        AsyncTask task = Start((_, stop) => _work.Task.WaitAsync(stop), options);
        Assert.Equal((0, 0, 0), Free(options));
        var seen = new TaskCompletionSource<(int, int, int)>(TaskCreationOptions.RunContinuationsAsynchronously);
        task.OnCompleted(_ => seen.SetResult(Free(options)));

        _ = ending switch
        {
            AsyncState.Completed => _work.TrySetResult(null),
            AsyncState.Failed => _work.TrySetException(new IOException()),
            _ => task.Cancel(),
        };

        Assert.Equal((1, 1, 1), await seen.Task.Within());
        Assert.Equal(ending, task.State);
    }

    [Fact]
    public async Task Throttle_TaskEndsOnThePool_NextBeginsOnThatThreadAfterTheEnd()
    {
        var options = new TaskOptions { Throttle = new AsyncSemaphore(1) };
        AsyncTask first = Start(
            async (_, _) =>
            {
                await _work.Task.ConfigureAwait(false);
                return Environment.CurrentManagedThreadId;
            },
            options);
        AsyncTask second = Start((_, _) => Task.FromResult<object?>((Environment.CurrentManagedThreadId, first.IsCompleted)), options);

        _work.SetResult(null);

        object? thread = await first.Within();
        Assert.Equal(((int)thread!, true), await second.Within());
        Assert.Equal(1, options.Throttle.CurrentCount);
    }

    [Fact]
    public async Task Throttle_TaskEndsElsewhere_NextBeginsOnThePool()
    {
        var options = new TaskOptions { Throttle = new AsyncSemaphore(1) };
        var work = new TaskCompletionSource<object?>();
        _ = Start((_, _) => work.Task, options);
        AsyncTask second = Start((_, _) => Task.FromResult<object?>(Thread.CurrentThread.IsThreadPoolThread), options);

        var thread = new Thread(() => work.SetResult(null));
        thread.Start();

        Assert.Equal(true, await second.Within());
        thread.Join();
    }

    [Fact]
    public async Task Throttle_ManyThatEndAtOnce_AllEndWhateverTheStackHolds()
    {
        var options = new TaskOptions { Throttle = new AsyncSemaphore(1) };
        AsyncTask first = Start((_, _) => _work.Task, options);
        AsyncTask[] tasks = [.. Enumerable.Range(0, 20_000).Select(i => Start((_, _) => Task.FromResult<object?>(i), options))];

        _work.SetResult(null);

        await first.Within();
        Assert.Equal(19_999, await tasks[^1].Within());
        Assert.All(tasks, task => Assert.True(task.IsCompleted));
    }

    [Fact]
    public async Task Semaphore_TasksThatHoldIt_AreItsHolders()
    {
        var options = new TaskOptions { Semaphore = new AsyncSemaphore(1) };
        AsyncTask first = Start((_, stop) => _work.Task.WaitAsync(stop), options);
        var never = new TaskCompletionSource<object?>();
        AsyncTask second = Start((_, stop) => never.Task.WaitAsync(stop), options);
        Assert.Equal([first], options.Semaphore.GetHolders());

        _work.SetResult(null);
        await first.Within();
        Assert.Equal([second], options.Semaphore.GetHolders());
        Task ended = second.EndWithin();
        second.Cancel();
        await ended;
        Assert.Empty(options.Semaphore.GetHolders());
    }

    [Fact]
    public async Task Cancel_Queued_NeverBeginsAndGivesBackWhatItHeld()
    {
        TaskOptions options = OnePermitEach();
        options.Semaphore!.TryEnter();
        bool hasBegun = false;
        AsyncTask task = Start((_, _) => Task.FromResult<object?>(hasBegun = true), options);
        Assert.Equal((0, 0, 1), Free(options));

        task.Cancel();
        await task.EndWithin();

        Assert.Equal((AsyncState.Stopped, 0), (task.State, task.Attempts));
        Assert.False(hasBegun);
        Assert.Equal((1, 0, 1), Free(options));
        Assert.Equal(0, options.Semaphore.WaitingCount);
    }

    [Fact]
    public void Cancel_RacingThePermit_BalancesPermitsAndRunsWorkOnlyIfBegun() => Race.Run(5_000, 2, () =>
    {
        TaskOptions options = OnePermitEach();
        options.Semaphore!.TryEnter();
        bool hasBegun = false;
        AsyncTask task = Start((_, _) => Task.FromResult<object?>(hasBegun = true), options);
        return new Round(
            () =>
            {
                Limit.Until(() => task.IsCompleted);
                Assert.Equal(hasBegun ? AsyncState.Completed : AsyncState.Stopped, task.State);
                Assert.Equal((1, 1, 1), Free(options));
            },
            options.Semaphore.Release,
            () => task.Cancel());
    });

    [Fact]
    public void Cancel_RacingTheEndOfTheWork_EndsOneWay() => Race.Run(5_000, 2, () =>
    {
        TaskOptions options = OnePermitEach();
        var work = new TaskCompletionSource<object?>();
        AsyncTask task = Start((_, stop) => work.Task.WaitAsync(stop), options);
        return new Round(
            () =>
            {
                Limit.Until(() => task.IsCompleted);
                Assert.True(task.State is AsyncState.Completed or AsyncState.Stopped);
                Assert.Equal((1, 1, 1), Free(options));
            },
            () => work.SetResult(1),
            () => task.Cancel());
    });

    private static TaskOptions OnePermitEach() => new()
    {
        Throttle = new AsyncSemaphore(1, bounded: true),
        Semaphore = new AsyncSemaphore(1, bounded: true),
        Place = new AsyncSemaphore(1, bounded: true),
    };

    private static (int Throttle, int Semaphore, int Place) Free(TaskOptions options) =>
        (options.Throttle!.CurrentCount, options.Semaphore!.CurrentCount, options.Place!.CurrentCount);
}
