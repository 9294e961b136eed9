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
            Add(TimeSpan.FromSeconds(1), () => _log.Add(name));
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b", "c"], _log);
    }

    [Fact]
    public void Add_WhileOneFires_FiresInItsOrder()
    {
        Add(TimeSpan.FromSeconds(1), () => { Add(0); Add(5); _log.Add("first"); });
        Add(1);
        Add(3);

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["first", "1", "0", "3", "5"], _log);
        Assert.Equal(0, _clock.TimerCount);
    }

    [Fact]
    public void Remove_OfTheNext_LeavesTheOthersTheirTime()
    {
        Timed next = Add(1);
        Add(2);
        _timers.Remove(next);
        _timers.Remove(next);

        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Empty(_log);

        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(["2"], _log);
    }

    [Fact]
    public void Remove_OfTheLast_StopsTheClocksTimer_AndTheNextStartsIt()
    {
        _timers.Remove(Add(1));
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
        Add(delay, () => _log.Add("late"));
        Add(TimeSpan.MaxValue, () => _log.Add("never"));

        _clock.Advance(delay - TimeSpan.FromTicks(1));
        Assert.Empty(_log);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["late"], _log);
    }

    [Fact]
    public async Task Add_FromManyThreads_AllFireOnce_OneAfterTheOther_ThoseRemovedBeforeNever()
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
                var timer = new Timed(() => Fire(number));
                timers.Add(isTakenBack ? TimeSpan.FromMinutes(10) : TimeSpan.FromMilliseconds(i % 30), timer);
                if (isTakenBack)
                {
                    timers.Remove(timer);
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
        Add(TimeSpan.FromSeconds(1), () => { _clock.Advance(TimeSpan.FromSeconds(9)); _log.Add("held up"); });
        Add(3);
        Add(2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["held up", "2", "3"], _log);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_AddsRemovesAndTime_FireAsASortedListWould(int seed)
    {
        var random = new Random(seed);
        var model = new List<(TimeSpan Due, int Number, Timed Timed)>();
        var expected = new List<string>();
        TimeSpan now = TimeSpan.Zero;
        for (int number = 0; number < 3000; number++)
        {
            switch (random.Next(number < 1500 ? 5 : 9))
            {
                case 0 when model.Count > 0:
                    int at = random.Next(model.Count);
                    _timers.Remove(model[at].Timed);
                    model.RemoveAt(at);
                    break;
                case 1 or > 4:
                    var step = TimeSpan.FromSeconds(random.Next(20));
                    now += step;
                    var due = model.Where(one => one.Due <= now).OrderBy(one => one.Due).ThenBy(one => one.Number).ToList();
                    expected.AddRange(due.Select(one => $"{one.Number}"));
                    model.RemoveAll(due.Contains);
                    _clock.Advance(step);
                    break;
                default:
                    var delay = TimeSpan.FromSeconds(random.Next(1, 200));
                    string name = $"{number}";
                    model.Add((now + delay, number, Add(delay, () => _log.Add(name))));
                    break;
            }

            Assert.Equal(model.Count > 0 ? 1 : 0, _clock.TimerCount);
        }

        Assert.Equal(expected, _log);
        Assert.All(model, one => Assert.NotEqual(0, ((ITimed)one.Timed).TimerPlace));
    }

    private Timed Add(int seconds) => Add(TimeSpan.FromSeconds(seconds), () => _log.Add($"{seconds}"));

    private Timed Add(TimeSpan delay, Action due)
    {
        var timed = new Timed(due);
        _timers.Add(delay, timed);
        return timed;
    }

    private sealed class Timed(Action due) : ITimed
    {
        int ITimed.TimerPlace { get; set; }

        void ITimed.Due() => due();
    }
}
