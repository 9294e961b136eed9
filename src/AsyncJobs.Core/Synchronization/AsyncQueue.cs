using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>
/// Hands items from those who put to those who get, both served first come, first served and holding no thread while
/// they wait (asyncio's <c>Queue</c>, <c>LifoQueue</c> and <c>PriorityQueue</c>). Safe from any thread and any runspace.
/// </summary>
/// <remarks>
/// An item goes straight to the first who waits for one, and room goes straight to the first who waits to put. So a wait
/// that is cancelled has either got nothing and put nothing, or ended well before.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue, though no collection: the first half of its name says so.")]
public sealed partial class AsyncQueue : IHasWaiters
{
    private readonly object _gate = new();

    // Invariants: while anybody waits to get, the queue is open and empty; while anybody waits to put, it is open and full.
    private readonly QueueStore _items;
    private readonly WaitQueue _getters;
    private readonly WaitQueue _putters;

    // Invariant: while anybody waits here, the unfinished count is not 0.
    private readonly WaitQueue _joiners;

    // Handed to those who waited, in their order, and not looked at by them yet; none in a queue of kind Fifo.
    private readonly List<QueueEntry> _unopened = [];

    private long _lastOrder;
    private int _unfinishedCount;
    private State _state;

    /// <summary>Creates a queue.</summary>
    /// <param name="capacity">How many items the queue holds before putting waits; 0 for no limit.</param>
    /// <param name="kind">Which item is the next to be got.</param>
    /// <param name="name">A name for people.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    public AsyncQueue(int capacity = 0, AsyncQueueKind kind = AsyncQueueKind.Fifo, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _items = QueueStore.Of(kind);
        _getters = new WaitQueue(_gate);
        _putters = new WaitQueue(_gate);
        _joiners = new WaitQueue(_gate);
        Capacity = capacity;
        Kind = kind;
        Name = name;
        QueueInstruments.Add(this);
    }

    private enum State
    {
        Open,
        Closed,
        ClosedImmediately,
    }

    /// <summary>The queue's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>Which item is the next to be got.</summary>
    public AsyncQueueKind Kind { get; }

    /// <summary>How many items the queue holds before putting waits; 0 for no limit.</summary>
    public int Capacity { get; }

    /// <summary>How many items are in the queue.</summary>
    public int Count => Read(static queue => queue._items.Count);

    /// <summary>Whether there is nothing in the queue.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether the queue holds as much as it may; never, where there is no limit.</summary>
    public bool IsFull => Read(static queue => queue.IsFullNeedsLock);

    /// <summary>Whether the queue takes no more items.</summary>
    public bool IsClosed => Read(static queue => queue._state != State.Open);

    /// <summary>How many items were put for which <see cref="TaskDone"/> has not been called.</summary>
    public int UnfinishedCount => Read(static queue => queue._unfinishedCount);

    /// <summary>How many wait for an item.</summary>
    public int WaitingGetCount => Read(static queue => queue._getters.CountNeedsLock);

    /// <summary>How many wait for room.</summary>
    public int WaitingPutCount => Read(static queue => queue._putters.CountNeedsLock);

    /// <summary>How many wait until the work on every item is done.</summary>
    internal int WaitingJoinCount => Read(static queue => queue._joiners.CountNeedsLock);

    /// <summary>Who has put lately, of those who tell.</summary>
    internal RecentUsers Putters { get; } = new();

    /// <summary>Who has got, or asked for, an item lately, of those who tell.</summary>
    internal RecentUsers Getters { get; } = new();

    /// <summary>What messages call the queue.</summary>
    internal string MessageName => Label.Of("The queue", Name);

    private bool IsFullNeedsLock => Capacity > 0 && _items.Count >= Capacity;

    /// <summary>Says that the work on an item that was got is done.</summary>
    /// <exception cref="InvalidStateException">That was said of every item already.</exception>
    /// <remarks>asyncio: <c>Queue.task_done()</c>.</remarks>
    public void TaskDone()
    {
        WaitQueue.Waiter[] finished;
        lock (_gate)
        {
            if (_unfinishedCount == 0)
            {
                throw new InvalidStateException(
                    $"{MessageName} has no unfinished item: the work on each item that was put is done already.");
            }

            _unfinishedCount--;
            finished = TakeJoinersIfFinishedNeedsLock();
        }

        Array.ForEach(finished, static joiner => joiner.Resume());
    }

    /// <summary>Waits until the work on every item that was put is done.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <remarks>asyncio: <c>Queue.join()</c>.</remarks>
    public Task JoinAsync(CancellationToken cancellationToken = default) =>
        _joiners.EnterAsync(this, static self => self._unfinishedCount == 0, cancellationToken);

    /// <summary>
    /// Closes the queue: whoever puts, or waits to put, fails with <see cref="QueueShutDownException"/>, and so does whoever gets
    /// once the queue is empty. Closing again is no error.
    /// </summary>
    /// <param name="immediate">Drops the items in the queue, too, counting the work on them as done.</param>
    /// <remarks>asyncio: <c>Queue.shutdown()</c>.</remarks>
    public void Close(bool immediate = false)
    {
        WaitQueue.TaskWaiter[] refused;
        WaitQueue.Waiter[] finished = [];
        Action[] sources;
        lock (_gate)
        {
            sources = TakeSourcesNeedsLock();
            if (immediate)
            {
                _state = State.ClosedImmediately;
                while (_items.Count > 0)
                {
                    _items.Take();
                    CountDroppedNeedsLock();
                }

                finished = TakeJoinersIfFinishedNeedsLock();
            }
            else if (_state == State.Open)
            {
                _state = State.Closed;
            }

            refused =
            [
                .. _getters.DequeueNeedsLock<WaitQueue.TaskWaiter>(int.MaxValue),
                .. _putters.DequeueNeedsLock<WaitQueue.TaskWaiter>(int.MaxValue),
            ];
        }

        foreach (WaitQueue.TaskWaiter waiter in refused)
        {
            waiter.Fail(waiter is Getter ? QueueShutDownException.ForGet(this) : QueueShutDownException.ForPut(this));
        }

        Array.ForEach(finished, static joiner => joiner.Resume());
        Array.ForEach(sources, static end => end());
    }

    int IHasWaiters.WaiterCount => Read(
        static queue => queue._getters.CountNeedsLock + queue._putters.CountNeedsLock + queue._joiners.CountNeedsLock);

    /// <summary>The queue's name, kind and state.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            string capacity = Capacity == 0 ? "" : $" of {Capacity}";
            string waiting = (_getters.CountNeedsLock, _putters.CountNeedsLock) switch
            {
                ( > 0 and int getters, _) => $", {getters} waiting to get",
                (_, > 0 and int putters) => $", {putters} waiting to put",
                _ => "",
            };
            string unfinished = _unfinishedCount == 0 ? "" : $", {_unfinishedCount} unfinished";
            string closed = _state == State.Open ? "" : ", closed";
            return $"{Label.Of("AsyncQueue", Name)} ({Kind}, {_items.Count}{capacity} items{waiting}{unfinished}{closed})";
        }
    }

    // An item whose work was said to be done while it was still in the queue is not counted twice.
    private void CountDroppedNeedsLock() => _unfinishedCount = Math.Max(0, _unfinishedCount - 1);

    private WaitQueue.Waiter[] TakeJoinersIfFinishedNeedsLock() =>
        _unfinishedCount == 0 ? _joiners.DequeueNeedsLock<WaitQueue.Waiter>(int.MaxValue) : [];

    private T Read<T>(Func<AsyncQueue, T> read)
    {
        lock (_gate)
        {
            return read(this);
        }
    }
}
