using System.Diagnostics;

namespace AsyncJobs.Core.Tests;

/// <summary>One round of a race: the sides run at the same moment on a thread each, and the check follows on the test's own.</summary>
internal sealed record Round(Action Check, params Action[] Sides);

/// <summary>Runs a race again and again, so that the threads meet in every order.</summary>
internal sealed class Race : IDisposable
{
    private static readonly TimeSpan TimeForAll = TimeSpan.FromSeconds(10);

    private readonly Barrier _barrier;
    private readonly OtherThread[] _others;
    private volatile Round? _round;
    private volatile Exception? _error;
    private volatile bool _isStuck;

    private Race(int sides)
    {
        _barrier = new Barrier(sides + 1);
        _others = [.. Enumerable.Range(0, sides).Select(side => OtherThread.Start(() => RunSide(side)))];
    }

    /// <summary>Races until all rounds are run or, on a slow machine, until the time is used up.</summary>
    public static void Run(int rounds, int sides, Func<Round> setUp)
    {
        using var race = new Race(sides);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < rounds && watch.Elapsed < TimeForAll; i++)
        {
            race.RunRound(setUp());
        }
    }

    public void Dispose()
    {
        // Whoever comes to the start and finds no round ends.
        _round = null;
        if (_isStuck)
        {
            return;
        }

        _barrier.RemoveParticipant();
        Array.ForEach(_others, other => other.Join());
        _barrier.Dispose();
    }

    private void RunRound(Round round)
    {
        _round = round;
        Meet();
        Meet();
        Assert.Null(_error);
        round.Check();
    }

    private void RunSide(int side)
    {
        Meet();
        while (_round is { } round)
        {
            RunVaried(round.Sides[side]);
            Meet();
            Meet();
        }
    }

    private void Meet()
    {
        bool hasMet = _barrier.SignalAndWait(Limit.Span);
        _isStuck |= !hasMet;
        Assert.True(hasMet, "a side of the race did not arrive in time");
    }

    private void RunVaried(Action side)
    {
        // The barrier lets its threads go in much the same order each time.
        Thread.SpinWait(Random.Shared.Next(100));
        try
        {
            side();
        }
        catch (Exception exception)
        {
            _error = exception;
        }
    }
}
