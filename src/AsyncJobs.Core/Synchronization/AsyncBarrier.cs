using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// Makes so many parties wait for each other, again and again; waiters hold no thread (asyncio's <c>Barrier</c>). Safe
/// from any thread and any runspace.
/// </summary>
[DebuggerDisplay("AsyncBarrier {Name} {State}, {WaitingCount} of {Parties} waiting")]
public sealed class AsyncBarrier : IHasWaiters
{
    private readonly object _gate = new();

    // While filling, the parties inside, fewer than Parties; while draining or resetting, those that wait to come in;
    // while broken, nobody.
    private readonly WaitQueue _waiters;

    // Those that were let go and have yet to leave. Not zero while draining or resetting; zero while filling.
    private int _leavingCount;

    private BarrierState _state;

    /// <summary>Creates a barrier.</summary>
    /// <param name="parties">How many must wait before all go on; at least one.</param>
    /// <param name="name">A name for people, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parties"/> is less than one.</exception>
    public AsyncBarrier(int parties, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        _waiters = new WaitQueue(_gate);
        Parties = parties;
        Name = name;
    }

    /// <summary>The barrier's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>How many parties must wait before all go on.</summary>
    public int Parties { get; }

    /// <summary>How many of the parties have come and wait for the rest.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                return _state == BarrierState.Filling ? _waiters.CountNeedsLock : 0;
            }
        }
    }

    /// <summary>Whether the barrier was aborted and not reset since.</summary>
    public bool IsBroken => State == BarrierState.Broken;

    /// <summary>What the barrier is doing.</summary>
    public BarrierState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Waits until all parties have come.</summary>
    /// <param name="cancellationToken">Gives the place up; the barrier then waits for another party in its stead.</param>
    /// <returns>A number from 0, in the order of coming, that no other party of this round gets.</returns>
    /// <exception cref="BrokenBarrierException">The barrier was reset or aborted meanwhile, or is broken.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before all had come.</exception>
    /// <remarks>asyncio: <c>Barrier.wait()</c>.</remarks>
    public async Task<int> WaitAsync(CancellationToken cancellationToken = default)
    {
        Place place = Arrive(cancellationToken);
        await place.LetGo.ConfigureAwait(false);
        return Leave(place);
    }

    /// <summary>Empties the barrier: those that wait get a <see cref="BrokenBarrierException"/>, and it can be used again.</summary>
    /// <remarks>asyncio: <c>Barrier.reset()</c>.</remarks>
    public void Reset()
    {
        Party[] broken = [];
        lock (_gate)
        {
            if (_state == BarrierState.Filling)
            {
                broken = LetGoNeedsLock(Parties);
            }

            _state = _leavingCount > 0 ? BarrierState.Resetting : BarrierState.Filling;
        }

        Array.ForEach(broken, party => party.Resume());
    }

    /// <summary>Breaks the barrier: all that wait or come get a <see cref="BrokenBarrierException"/>, until it is reset.</summary>
    /// <remarks>asyncio: <c>Barrier.abort()</c>.</remarks>
    public void Abort()
    {
        Party[] broken;
        lock (_gate)
        {
            if (_state == BarrierState.Filling)
            {
                broken = LetGoNeedsLock(Parties);
            }
            else
            {
                broken = _waiters.DequeueNeedsLock<Party>(int.MaxValue);
                Array.ForEach(broken, party => party.Number = Party.TurnedAway);
            }

            _state = BarrierState.Broken;
        }

        Array.ForEach(broken, party => party.Resume());
    }

    int IHasWaiters.WaiterCount => WaitingCount;

    /// <summary>The barrier's name and state.</summary>
    public override string ToString() => $"{Label.Of("AsyncBarrier", Name)} ({State}, {WaitingCount} of {Parties} waiting)";

    /// <summary>The first half of a wait. Once the place is let go, <see cref="Leave"/> must follow: the barrier waits for it.</summary>
    internal Place Arrive(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Party? party = null;
        Party[] passing = [];
        lock (_gate)
        {
            AssertNeedsLock();
            if (_state == BarrierState.Broken)
            {
                throw Broken();
            }

            if (_state == BarrierState.Filling && _waiters.CountNeedsLock == Parties - 1)
            {
                passing = LetGoNeedsLock(Parties - 1);
            }
            else
            {
                party = new Party();
                _waiters.EnqueueNeedsLock(party);
            }
        }

        Array.ForEach(passing, other => other.Resume());
        return new Place(party, party?.BindCancellation(cancellationToken) ?? Task.CompletedTask);
    }

    /// <summary>The second half of a wait: the number, or an exception if the barrier was reset or aborted before now.</summary>
    internal int Leave(Place place)
    {
        // The last to come does not wait, and has left.
        if (place.Party is null)
        {
            return Parties - 1;
        }

        bool hasPassed;
        int number = place.Party.Number;
        Party[] passing = [];
        lock (_gate)
        {
            AssertNeedsLock();
            hasPassed = number != Party.TurnedAway && _state == BarrierState.Draining;
            if (number != Party.TurnedAway && --_leavingCount == 0 && _state != BarrierState.Broken)
            {
                // Those that waited to come in are inside now, and may be enough for the next round.
                _state = BarrierState.Filling;
                if (_waiters.CountNeedsLock >= Parties)
                {
                    passing = LetGoNeedsLock(Parties);
                }
            }
        }

        Array.ForEach(passing, party => party.Resume());
        return hasPassed ? number : throw Broken();
    }

    private Party[] LetGoNeedsLock(int count)
    {
        Debug.Assert(_leavingCount == 0, "one round ends before the next");
        Party[] parties = _waiters.DequeueNeedsLock<Party>(count);
        for (int i = 0; i < parties.Length; i++)
        {
            parties[i].Number = i;
        }

        _leavingCount = parties.Length;
        _state = parties.Length > 0 ? BarrierState.Draining : BarrierState.Filling;
        return parties;
    }

    private BrokenBarrierException Broken() =>
        new($"{Label.Of("The barrier", Name)} was reset or is broken; a reset makes it usable again.");

    [Conditional("DEBUG")]
    private void AssertNeedsLock()
    {
        bool isLeft = _state is BarrierState.Draining or BarrierState.Resetting;
        Debug.Assert(
            isLeft ? _leavingCount > 0 : _state == BarrierState.Broken || _leavingCount == 0,
            "somebody leaves exactly while it drains or resets");
        Debug.Assert(_state != BarrierState.Broken || _waiters.CountNeedsLock == 0, "nobody waits at a broken barrier");
    }

    /// <summary>One party's stay at the barrier.</summary>
    /// <param name="Party">The party; null for the last to come.</param>
    /// <param name="LetGo">A task that ends when the party may leave, or when its token was cancelled first.</param>
    internal readonly record struct Place(Party? Party, Task LetGo);

    internal sealed class Party : WaitQueue.TaskWaiter
    {
        /// <summary>The number of one that was still waiting to come in when the barrier was aborted.</summary>
        public const int TurnedAway = -1;

        /// <summary>The party's number; set when it is let go.</summary>
        public int Number { get; set; }
    }
}
