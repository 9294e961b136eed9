namespace AsyncJobs.Core.Tests;

public partial class EventLoopTests
{
    [Fact]
    public void Post_FromOtherThread_WakesTheSleepingLoop()
    {
        OtherThread other = OtherThread.Start(() =>
        {
            Limit.Until(() => _loop.SleepCount == 1);
            PostAll("posted");
        });

        _loop.TurnUntil(() => _log.Count == 1);

        other.Join();
        Assert.Equal(1, _loop.SleepCount);
    }

    [Fact]
    public void Wake_FromOtherThread_LooksAtTheConditionAgain()
    {
        bool isDone = false;
        OtherThread other = OtherThread.Start(() =>
        {
            Limit.Until(() => _loop.SleepCount == 1);
            Volatile.Write(ref isDone, true);
            _loop.Wake();
        });

        _loop.TurnUntil(() => Volatile.Read(ref isDone));

        other.Join();
    }

    [Fact]
    public void RunUntil_NothingToDo_SleepsAndLooksOnlyWhenWoken()
    {
        const int Wakes = 20;
        int looks = 0;
        OtherThread other = OtherThread.Start(() =>
        {
            for (int i = 1; i <= Wakes; i++)
            {
                Limit.Until(() => _loop.SleepCount == i);
                _loop.Wake();
            }
        });

        _loop.TurnUntil(() => ++looks > Wakes);

        other.Join();
        Assert.Equal(Wakes + 1, looks);
        Assert.Equal(Wakes, _loop.SleepCount);
    }

    [Fact]
    public void RunUntil_CancelledWhileAsleep_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        OtherThread other = OtherThread.Start(() =>
        {
            Limit.Until(() => _loop.SleepCount == 1);
            stop.Cancel();
        });

        Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(() => false, stop.Token));

        other.Join();
        Assert.Equal(1, _loop.SleepCount);
    }

    [Fact]
    public void RunUntil_OnSecondThread_Throws()
    {
        Exception? thrown = null;
        _loop.Post(() => OtherThread.Start(() => thrown = Record.Exception(() => _loop.RunUntil(() => true, CancellationToken.None))).Join());

        _loop.TurnUntilIdle();

        Assert.Contains("may not turn this event loop", Assert.IsType<InvalidOperationException>(thrown).Message);
    }

    [Fact]
    public void RunUntil_OnSecondThreadAfterTheFirst_Turns()
    {
        PostAll("first");
        _loop.TurnUntilIdle();
        PostAll("second");

        OtherThread.Start(_loop.TurnUntilIdle).Join();

        Assert.Equal(["first", "second"], _log);
    }

    [Fact]
    public void IsRunning_InsideAndOutsideATurn_TellsThem()
    {
        bool inside = false;
        _loop.Post(() => inside = _loop.IsRunning);

        _loop.TurnUntilIdle();

        Assert.True(inside);
        Assert.False(_loop.IsRunning);
    }

    [Fact]
    public void Wake_RacingTheLoopGoingToSleep_IsNeverLost() => Race.Run(20_000, 2, () =>
    {
        bool isDone = false;
        return new Round(
            () => Assert.True(isDone),
            () => _loop.TurnUntil(() => Volatile.Read(ref isDone)),
            () =>
            {
                Volatile.Write(ref isDone, true);
                _loop.Wake();
            });
    });

    [Fact]
    public void Post_RacingTheLoopGoingToSleep_IsNeverLost() => Race.Run(20_000, 2, () =>
    {
        int ran = 0;
        return new Round(
            () => Assert.Equal(2, ran),
            () => _loop.TurnUntil(() => ran == 2),
            () =>
            {
                _loop.Post(() => ran++);
                _loop.Post(() => ran++);
            });
    });

    [Fact]
    public void RunUntil_CancelRacingTheLoopGoingToSleep_AlwaysEnds() => Race.Run(10_000, 2, () =>
    {
        var stop = new CancellationTokenSource();
        bool hasEnded = false;
        return new Round(
            () =>
            {
                Assert.True(hasEnded);
                stop.Dispose();
            },
            () =>
            {
                Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(() => false, stop.Token));
                hasEnded = true;
            },
            stop.Cancel);
    });

    [Fact]
    public void RunUntil_CancelRacingANestedTurn_AlwaysEnds() => Race.Run(10_000, 2, () =>
    {
        var stop = new CancellationTokenSource();
        bool isNestedDone = false;
        _loop.Post(() => _loop.TurnUntil(() => Volatile.Read(ref isNestedDone)));
        return new Round(
            () =>
            {
                Assert.Equal(0, _loop.ReadyCount);
                stop.Dispose();
            },
            () =>
            {
                Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunUntil(() => false, stop.Token));

                // Cancelled before its first pass, it left the callback.
                _loop.TurnUntilIdle();
            },
            () =>
            {
                stop.Cancel();
                Volatile.Write(ref isNestedDone, true);
                _loop.Wake();
            });
    });

    [Fact]
    public void Post_FromManyThreads_RunsEachOnceAndKeepsEachThreadsOrder()
    {
        const int Threads = 4;
        const int Each = 5000;
        var ran = new List<int>[Threads];
        OtherThread[] others = [.. Enumerable.Range(0, Threads).Select(i =>
        {
            ran[i] = [];
            return OtherThread.Start(() =>
            {
                for (int n = 0; n < Each; n++)
                {
                    int number = n;
                    _loop.Post(() => ran[i].Add(number));
                }
            });
        })];

        _loop.TurnUntil(() => ran.All(list => list.Count == Each));

        Array.ForEach(others, other => other.Join());
        Assert.All(ran, list => Assert.Equal(Enumerable.Range(0, Each), list));
        Assert.Equal(Threads * Each, _loop.CallbackCount);
    }

    [Fact]
    public void RunUntil_NestedToTheEndOfTheStack_EndsTheInnermostTurnAndLeavesTheRestToRun()
    {
        Exception? ended = null;
        bool hasRunRest = false;
        var thread = new Thread(() => Nest(), maxStackSize: 512 * 1024);
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(60)));
        Assert.IsType<InsufficientExecutionStackException>(ended);
        Assert.True(hasRunRest);

        void Nest()
        {
            _loop.Post(Nest);
            try
            {
                _loop.RunUntil(() => hasRunRest, CancellationToken.None);
            }
            catch (InsufficientExecutionStackException exception)
            {
                // The callback that found no room is still there; those further out have it.
                if (ended is null)
                {
                    _loop.Post(() => hasRunRest = true);
                }

                ended = exception;
            }
        }
    }
}
