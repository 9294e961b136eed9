using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// A flag that can be waited for; waiters hold no thread (asyncio's <c>Event</c>). Safe from any thread and any runspace.
/// </summary>
[DebuggerDisplay("AsyncEvent {Name} set: {IsSet}, {WaitingCount} waiting")]
public sealed class AsyncEvent : IHasWaiters
{
    private readonly object _gate = new();
    private readonly WaitQueue _waiters;

    // Invariant: while it is set nobody waits.
    private bool _isSet;

    /// <summary>Creates an event that is not set.</summary>
    /// <param name="name">A name for people, or null.</param>
    public AsyncEvent(string? name = null)
    {
        _waiters = new WaitQueue(_gate);
        Name = name;
    }

    /// <summary>The event's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>Whether the event is set.</summary>
    public bool IsSet => Volatile.Read(ref _isSet);

    /// <summary>How many wait for the event.</summary>
    public int WaitingCount => _waiters.Count;

    /// <summary>Waits until the event is set; not at all if it is.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <remarks>asyncio: <c>Event.wait()</c>.</remarks>
    public Task WaitAsync(CancellationToken cancellationToken = default) =>
        _waiters.EnterAsync(this, static self => self._isSet, cancellationToken);

    /// <summary>Sets the event. All who wait now go on, even if it is cleared again at once.</summary>
    /// <remarks>asyncio: <c>Event.set()</c>.</remarks>
    public void Set()
    {
        WaitQueue.Waiter[] waiters;
        lock (_gate)
        {
            Debug.Assert(!_isSet || _waiters.CountNeedsLock == 0, "nobody waits for an event that is set");
            _isSet = true;
            waiters = _waiters.DequeueNeedsLock<WaitQueue.Waiter>(int.MaxValue);
        }

        Array.ForEach(waiters, waiter => waiter.Resume());
    }

    /// <summary>Clears the event, so that whoever waits from now on waits for the next <see cref="Set"/>.</summary>
    /// <remarks>asyncio: <c>Event.clear()</c>.</remarks>
    public void Clear()
    {
        lock (_gate)
        {
            _isSet = false;
        }
    }

    int IHasWaiters.WaiterCount => WaitingCount;

    /// <summary>The event's name and state.</summary>
    public override string ToString() => $"{Label.Of("AsyncEvent", Name)} ({(IsSet ? "set" : "not set")}, {WaitingCount} waiting)";
}
