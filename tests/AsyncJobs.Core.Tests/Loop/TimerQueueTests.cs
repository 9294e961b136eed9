namespace AsyncJobs.Core.Tests;

public sealed class TimerQueueTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _log = [];
    private readonly TimerQueue _timers;

    public TimerQueueTests() => _timers = new TimerQueue(_clock);

    [Fact]
    public void Add_SeveralTimers_TheClockHasOne()
    {
        Add(3);
        Add(1);
        Add(2);
        Assert.Equal(1, _clock.TimerCount);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["1", "2"], _log);
        Assert.Equal(1, _clock.TimerCount);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["1", "2", "3"], _log);
        Assert.Equal(0, _clock.TimerCount);
    }

    [Fact]
    public void Add_DueTogether_FireInTheOrderTheyWereSet()
    {
        foreach (string name in new[] { "a", "b", "c" })
        {
            _timers.Add(TimeSpan.FromSeconds(1), log => ((List<string>)log!).Add(name), _log);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b", "c"], _log);
    }

    [Fact]
    public void Add_WhileOneFires_FiresInItsOrder()
    {
        _timers.Add(TimeSpan.FromSeconds(1), _ => { Add(0); Add(5); _log.Add("first"); }, _log);
        Add(1);
        Add(3);

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["first", "1", "0", "3", "5"], _log);
        Assert.Equal(0, _clock.TimerCount);
    }

    [Fact]
    public void Dispose_OfTheNext_LeavesTheOthersTheirTime()
    {
        IDisposable next = Add(1);
        Add(2);
        next.Dispose();
        next.Dispose();

        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Empty(_log);

        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(["2"], _log);
    }

    [Fact]
    public void Dispose_OfTheLast_StopsTheClocksTimer_AndTheNextStartsIt()
    {
        Add(1).Dispose();
        Assert.Equal(0, _clock.TimerCount);

        Add(2);
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Empty(_log);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(["2"], _log);
    }

    [Fact]
    public void Add_LongerThanTheClocksTimersCount_FiresAtItsTime()
    {
        var delay = TimeSpan.FromDays(100);
        _timers.Add(delay, _ => _log.Add("late"), _log);
        _timers.Add(TimeSpan.MaxValue, _ => _log.Add("never"), _log);

        _clock.Advance(delay - TimeSpan.FromTicks(1));
        Assert.Empty(_log);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["late"], _log);
    }

    [Fact]
    public async Task Add_FromManyThreads_AllFireOnce_OneAfterTheOther_ThoseDisposedBeforeNever()
    {
        var timers = new TimerQueue(TimeProvider.System);
        const int Threads = 4;
        const int Each = 2000;
        int inside = 0;
        int overlaps = 0;
        var fired = new int[Threads * Each];
        using var all = new CountdownEvent(Threads * Each / 2);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                int number = (thread * Each) + i;
                bool isTakenBack = i % 2 == 1;
                IDisposable timer = timers.Add(isTakenBack ? TimeSpan.FromMinutes(10) : TimeSpan.FromMilliseconds(i % 30), _ => Fire(number), timers);
                if (isTakenBack)
                {
                    timer.Dispose();
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(all.Wait(TimeSpan.FromSeconds(60)), $"{all.CurrentCount} have not fired.");
        Assert.Equal(0, overlaps);
        Assert.All(fired.Select((count, number) => (count, number)), one => Assert.Equal(one.number % Each % 2 == 1 ? 0 : 1, one.count));

        void Fire(int number)
        {
            if (Interlocked.Increment(ref inside) != 1)
            {
                Interlocked.Increment(ref overlaps);
            }

            Interlocked.Increment(ref fired[number]);
            Interlocked.Decrement(ref inside);
            all.Signal();
        }
    }

    [Fact]
    public void Add_HeldUpTimers_FireInDueOrder()
    {
        // The others fall due while the first is at work.
        _timers.Add(TimeSpan.FromSeconds(1), _ => { _clock.Advance(TimeSpan.FromSeconds(9)); _log.Add("held up"); }, _timers);
        Add(3);
        Add(2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["held up", "2", "3"], _log);
    }

    private IDisposable Add(int seconds) => _timers.Add(TimeSpan.FromSeconds(seconds), _ => _log.Add($"{seconds}"), _log);
}
