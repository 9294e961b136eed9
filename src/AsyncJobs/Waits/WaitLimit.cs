namespace AsyncJobs.Waits;

/// <summary>How long a command may wait, in all its waits together; counted from when the limit is made.</summary>
internal sealed class WaitLimit(EventLoop loop, TimeSpan length)
{
    private readonly long _startedAt = loop.TimeProvider.GetTimestamp();
    private bool _hasFired;

    public TimeSpan Length => length;

    /// <summary>Whether the limit has cut something short; changes on the loop's thread only.</summary>
    public bool IsLate { get; private set; }

    /// <summary>Whether the time is up, whatever came of that.</summary>
    public bool HasPassed => _hasFired || Left == TimeSpan.Zero;

    /// <summary>How much of the time is left.</summary>
    public TimeSpan Left
    {
        get
        {
            TimeSpan left = length - loop.TimeProvider.GetElapsedTime(_startedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Has something done on the loop once the time is up; only once, however many waits the limit is for.</summary>
    /// <param name="whenLate">Ends the wait or what it is for; false where that was over.</param>
    /// <returns>Disposed when the wait is over; null where the time was up in an earlier one.</returns>
    public IDisposable? Watch(Func<bool> whenLate)
    {
        void Fire()
        {
            _hasFired = true;
            IsLate = whenLate();
        }

        if (length == TimeSpan.Zero && !_hasFired)
        {
            // Who has no time does not wait for a turn of the loop either.
            Fire();
        }

        return _hasFired ? null : loop.CallLater(Left, Fire);
    }
}
