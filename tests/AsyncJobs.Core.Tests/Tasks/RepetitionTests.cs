namespace AsyncJobs.Core.Tests;

public class RepetitionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly TaskRunner _runner;
    private readonly List<double> _begun = [];
    private readonly long _start;

    public RepetitionTests()
    {
        _runner = new TaskRunner(new EventLoop(_clock), registry: null);
        _start = _clock.GetTimestamp();
    }

    [Fact]
    public async Task Run_Count_BeginsAtOnceAndGivesAllOutput()
    {
        AsyncTask task = Start((_, _) => Written(_begun.Count), new Repetition(Second, 3));
        Assert.Equal([0], _begun);

        AdvanceTo(run: 2);
        AdvanceTo(run: 3);

        Assert.Equal([1, 2, 3], (object?[])(await task.Within())!);
        Assert.Equal([0, 1, 2], _begun);
    }

    [Fact]
    public void Run_WorkTakesTime_DoesNotDrift()
    {
        AsyncTask task = Start((_, stop) => DelayAsync(0.4, stop), new Repetition(Second, 3));
        AdvanceTo(run: 3);

        Assert.Equal([0, 1, 2], _begun);
        task.Cancel();
    }

    [Fact]
    public void Run_WorkTakesLongerThanAPeriod_LeavesOutWhatItMissed()
    {
        AsyncTask task = Start((_, stop) => DelayAsync(2.5, stop), new Repetition(Second));
        AdvanceTo(run: 3);

        Assert.Equal([0, 3, 6], _begun);
        task.Cancel();
    }

    [Fact]
    public async Task Run_NoCount_KeepsTheLastOutputAlone()
    {
        AsyncTask task = Start((_, _) => Written(_begun.Count), new Repetition(Second));
        AdvanceTo(run: 3);
        Limit.Until(() => _clock.TimerCount == 1);

        task.Cancel("enough");
        await task.EndWithin();
        Assert.True(task.IsCanceled);
        Assert.Equal([3], task.Output);
    }

    [Fact]
    public async Task Run_Fails_EndsItWithWhatWasWrittenBefore()
    {
        AsyncTask task = Start(
            (_, _) => _begun.Count == 3 ? Task.FromException<object?>(new IOException("third")) : Written(_begun.Count),
            new Repetition(Second, 5));
        AdvanceTo(run: 3);
        await task.EndWithin();

        Assert.Equal("third", task.Exception!.Message);
        Assert.Equal([1, 2], task.Output);
    }

    [Fact]
    public async Task Run_Fails_IsRetriedInItsOwnRun()
    {
        int calls = 0;
        AsyncTask task = Start(
            (_, _) => ++calls % 2 == 1 ? Task.FromException<object?>(new IOException()) : Written(calls),
            new Repetition(Second, 2),
            new RetryPolicy(1, TimeSpan.FromMilliseconds(1), BackoffKind.Constant));
        while (!task.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            Thread.Yield();
        }

        Assert.Equal([2, 4], (object?[])(await task.Within())!);
        Assert.Equal(2, task.Attempts);
    }

    [Fact]
    public void Run_BetweenRuns_HoldsNoPermit()
    {
        var semaphore = new AsyncSemaphore(1);
        AsyncTask task = _runner.Start(
            AsyncTaskKind.IO,
            (_, _) => Written(1),
            new TaskOptions { Semaphore = semaphore, Repeat = new Repetition(Second) });

        Limit.Until(() => semaphore.CurrentCount == 1);
        Assert.Equal(AsyncState.Running, task.State);
        task.Cancel();
    }

    private static Task<object?> Written(object? value) => Task.FromResult(value);

    private AsyncTask Start(TaskWork work, Repetition repeat, RetryPolicy? retry = null) => _runner.Start(
        AsyncTaskKind.IO,
        (task, stop) =>
        {
            lock (_begun)
            {
                _begun.Add(_clock.GetElapsedTime(_start).TotalSeconds);
            }

            return work(task, stop);
        },
        new TaskOptions { Repeat = repeat, Retry = retry ?? RetryPolicy.None });

    private async Task<object?> DelayAsync(double seconds, CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), _clock, stop);
        return null;
    }

    /// <summary>Moves the clock in small steps, each once everybody waits for it, until a run has begun.</summary>
    private void AdvanceTo(int run)
    {
        while (Begun < run)
        {
            Limit.Until(() => _clock.TimerCount > 0 || Begun >= run);
            if (Begun < run)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private int Begun
    {
        get
        {
            lock (_begun)
            {
                return _begun.Count;
            }
        }
    }
}
