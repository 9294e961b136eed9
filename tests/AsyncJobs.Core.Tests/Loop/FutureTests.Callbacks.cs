namespace AsyncJobs.Core.Tests;

public partial class FutureTests
{
    [Fact]
    public void AddDoneCallback_Pending_RunsOnTheLoopInOrder()
    {
        var log = new List<string>();
        _future.AddDoneCallback(_ => log.Add("first"));
        _future.AddDoneCallback(_ => log.Add("second"));
        _future.AddDoneCallback(done => log.Add($"third: {done.Result}"));

        _future.SetResult(7);
        Assert.Empty(log);

        _loop.TurnUntilIdle();
        Assert.Equal(["first", "second", "third: 7"], log);
    }

    [Fact]
    public void AddDoneCallback_Done_RunsAtTheNextTurn()
    {
        Future? seen = null;
        _future.SetResult(7);

        _future.AddDoneCallback(done => seen = done);
        Assert.Null(seen);

        _loop.TurnUntilIdle();
        Assert.Same(_future, seen);
    }

    [Fact]
    public void AddDoneCallback_OneThrows_OthersStillRun()
    {
        var errors = new List<Exception>();
        _loop.UnhandledError = errors.Add;
        bool hasRun = false;
        _future.AddDoneCallback(_ => throw new IOException());
        _future.AddDoneCallback(_ => hasRun = true);

        _future.Cancel();
        _loop.TurnUntilIdle();

        Assert.IsType<IOException>(Assert.Single(errors));
        Assert.True(hasRun);
    }

    [Fact]
    public void AddDoneCallback_OneAddsAnother_BothRun()
    {
        var log = new List<string>();
        _future.AddDoneCallback(done =>
        {
            log.Add("first");
            done.AddDoneCallback(_ => log.Add("added"));
        });
        _future.AddDoneCallback(_ => log.Add("second"));

        _future.SetResult(null);
        _loop.TurnUntilIdle();

        Assert.Equal(["first", "second", "added"], log);
    }

    [Fact]
    public void OnCompleted_Pending_RunsOnTheCompletingThread()
    {
        int thread = 0;
        Assert.True(_future.OnCompleted(_ => thread = Environment.CurrentManagedThreadId));

        _future.SetResult(null);

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void OnCompleted_Done_RunsHereAndNow()
    {
        bool hasRun = false;
        _future.SetResult(null);

        Assert.False(_future.OnCompleted(_ => hasRun = true));

        Assert.True(hasRun);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RemoveContinuation_OneOfSeveral_OnlyTheOthersRun(int count)
    {
        for (int removed = 0; removed < count; removed++)
        {
            var future = new Future(_loop);
            var ran = new List<int>();
            Action<Future>[] all = [.. Enumerable.Range(0, count).Select(i => (Action<Future>)(_ => ran.Add(i)))];
            Array.ForEach(all, continuation => future.OnCompleted(continuation));

            future.RemoveContinuation(all[removed]);
            future.SetResult(null);

            Assert.Equal(Enumerable.Range(0, count).Where(i => i != removed), ran);
        }
    }

    [Fact]
    public void RemoveContinuation_UnknownOrDone_ChangesNothing()
    {
        int ran = 0;
        _future.OnCompleted(_ => ran++);

        _future.RemoveContinuation(_ => ran += 10);
        _future.SetResult(null);
        _future.RemoveContinuation(_ => ran += 10);

        Assert.Equal(1, ran);
    }

    [Fact]
    public void RemoveContinuation_InsideAnother_LosesNone()
    {
        int ran = 0;
        Action<Future> last = _ => ran++;
        _future.OnCompleted(_ => _future.RemoveContinuation(last));
        _future.OnCompleted(last);
        _future.OnCompleted(last);

        _future.SetResult(null);

        // They were taken for running together, so it is too late to take one back.
        Assert.Equal(2, ran);
    }

    [Fact]
    public async Task AsTask_Completed_GivesTheResult()
    {
        Task<object?> before = _future.AsTask();
        _future.SetResult(42);

        Assert.Equal(42, await before.Within());
        Assert.Equal(42, await _future.AsTask().Within());
        Assert.Equal(42, await _future);
    }

    [Fact]
    public async Task AsTask_Failed_ThrowsTheSameException()
    {
        var thrown = new IOException("gone");
        Task<object?> before = _future.AsTask();
        _future.SetException(thrown);

        Assert.Same(thrown, await Assert.ThrowsAsync<IOException>(() => before.Within()));
        Assert.True(before.IsFaulted);
    }

    [Fact]
    public async Task AsTask_Stopped_IsCancelled()
    {
        Task<object?> before = _future.AsTask();
        _future.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before.Within());
        Assert.True(before.IsCanceled);
    }

    [Fact]
    public void AsTask_Twice_IsTheSameTask() => Assert.Same(_future.AsTask(), _future.AsTask());

    [Fact]
    public void SetResult_FromManyThreadsAtOnce_OneWinsAndEachContinuationRunsOnce() => Race.Run(5_000, 3, () =>
    {
        var future = new Future(_loop);
        int winners = 0;
        int early = 0;
        int late = 0;
        future.OnCompleted(_ => Interlocked.Increment(ref early));
        void Count(bool hasWon) => Interlocked.Add(ref winners, hasWon ? 1 : 0);

        return new Round(
            () =>
            {
                Assert.Equal(1, winners);
                Assert.Equal(1, early);
                Assert.Equal(3, late);
            },
            () =>
            {
                future.OnCompleted(_ => Interlocked.Increment(ref late));
                Count(Record.Exception(() => future.SetResult(1)) is null);
            },
            () =>
            {
                Count(future.Cancel());
                future.OnCompleted(_ => Interlocked.Increment(ref late));
            },
            () =>
            {
                future.OnCompleted(_ => Interlocked.Increment(ref late));
                Count(future.Cancel());
            });
    });

    [Fact]
    public void RemoveContinuation_RacingCompletion_OthersRunOnceAndItAtMostOnce() => Race.Run(10_000, 2, () =>
    {
        var future = new Future(_loop);
        int kept = 0;
        int removed = 0;
        void Removed(Future done) => Interlocked.Increment(ref removed);
        Action<Future> toRemove = Removed;
        future.OnCompleted(_ => Interlocked.Increment(ref kept));
        future.OnCompleted(toRemove);
        future.OnCompleted(_ => Interlocked.Increment(ref kept));

        return new Round(
            () =>
            {
                Assert.Equal(2, kept);
                Assert.InRange(removed, 0, 1);
            },
            () => future.SetResult(null),
            () => future.RemoveContinuation(toRemove));
    });
}
