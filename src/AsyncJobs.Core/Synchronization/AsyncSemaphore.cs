using System.Collections.Concurrent;
using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// A semaphore whose waiters hold no thread and are served first come, first served (asyncio's <c>Semaphore</c> and
/// <c>BoundedSemaphore</c>). Safe from any thread and any runspace.
/// </summary>
[DebuggerDisplay("AsyncSemaphore {Name} {CurrentCount} free, {WaitingCount} waiting")]
public sealed class AsyncSemaphore : IHasWaiters
{
    // A name lives as long as somebody holds its semaphore.
    private static readonly ConcurrentDictionary<string, WeakReference<AsyncSemaphore>> Named = new(StringComparer.OrdinalIgnoreCase);

    private readonly object _gate = new();
    private readonly WaitQueue _waiters;

    // Invariant: while anybody waits, it is 0, because a released permit goes straight to the first waiter.
    private int _currentCount;

    // Who has told that it entered, and has not left since; never more than hold one of the permits that there were at the
    // start. Made when first needed.
    private PermitHolders? _holders;

    /// <summary>Creates a semaphore.</summary>
    /// <param name="count">How many permits are free at the start; not negative.</param>
    /// <param name="bounded">Whether releasing more than <paramref name="count"/> is an error.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public AsyncSemaphore(int count, bool bounded = false)
        : this(count, bounded, name: null)
    {
    }

    private AsyncSemaphore(int count, bool bounded, string? name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _waiters = new WaitQueue(_gate);
        _currentCount = count;
        InitialCount = count;
        IsBounded = bounded;
        Name = name;
    }

    /// <summary>The name that the semaphore is shared under in this process, or null.</summary>
    public string? Name { get; }

    /// <summary>How many permits the semaphore was made with.</summary>
    public int InitialCount { get; }

    /// <summary>Whether the semaphore refuses to be released above <see cref="InitialCount"/>.</summary>
    public bool IsBounded { get; }

    /// <summary>How many permits are free.</summary>
    public int CurrentCount => Volatile.Read(ref _currentCount);

    /// <summary>How many wait for a permit.</summary>
    public int WaitingCount => _waiters.Count;

    /// <summary>The semaphore of that name in this process, made now if there is none.</summary>
    /// <param name="name">The name; case does not matter.</param>
    /// <param name="count">How many permits; must agree with the one that exists.</param>
    /// <param name="bounded">Whether the semaphore is bounded; must agree with the one that exists.</param>
    /// <exception cref="ArgumentException">One of that name exists with another count or bound.</exception>
    public static AsyncSemaphore GetOrCreate(string name, int count, bool bounded = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        AsyncSemaphore? semaphore = null;
        Named.AddOrUpdate(
            name,
            _ => new WeakReference<AsyncSemaphore>(semaphore = new AsyncSemaphore(count, bounded, name)),
            (_, known) => known.TryGetTarget(out semaphore)
                ? known
                : new WeakReference<AsyncSemaphore>(semaphore = new AsyncSemaphore(count, bounded, name)));

        if (semaphore!.InitialCount != count || semaphore.IsBounded != bounded)
        {
            throw new ArgumentException(
                $"The semaphore '{name}' exists with a count of {semaphore.InitialCount}{(semaphore.IsBounded ? ", bounded" : "")}; "
                + "ask for the same, or take another name.",
                nameof(name));
        }

        return semaphore;
    }

    /// <summary>How many of the permits that there were at the start are taken, by whomever.</summary>
    internal int TakenCount => Math.Max(0, InitialCount - CurrentCount);

    /// <summary>The semaphores that have a name and are in use.</summary>
    internal static IReadOnlyList<AsyncSemaphore> GetNamed()
    {
        var named = new List<AsyncSemaphore>();
        foreach (WeakReference<AsyncSemaphore> known in Named.Values)
        {
            if (known.TryGetTarget(out AsyncSemaphore? semaphore))
            {
                named.Add(semaphore);
            }
        }

        return named;
    }

    /// <summary>Takes a permit if one is free.</summary>
    public bool TryEnter() => TryEnter(holder: null, place: null);

    /// <summary>As <see cref="TryEnter()"/>, and tells who has it.</summary>
    /// <param name="holder">Who leaves it again; null for nobody that is known.</param>
    /// <param name="place">What is shown of the holder, if not itself.</param>
    internal bool TryEnter(object? holder, object? place = null)
    {
        lock (_gate)
        {
            return TryEnterNeedsLock(holder, place);
        }
    }

    /// <summary>Takes a permit, after everybody who asked before.</summary>
    /// <param name="cancellationToken">
    /// Gives the place in the queue up. A permit handed over before that is kept: the task then ends well.
    /// </param>
    /// <exception cref="OperationCanceledException">The token was cancelled first; no permit was taken.</exception>
    /// <remarks>asyncio: <c>Semaphore.acquire()</c>.</remarks>
    public Task EnterAsync(CancellationToken cancellationToken = default) =>
        _waiters.EnterAsync(this, static self => self.TryEnterNeedsLock(), cancellationToken);

    /// <summary>As <see cref="EnterAsync(CancellationToken)"/>, and tells who has it from when it is given.</summary>
    /// <param name="holder">Who leaves it again.</param>
    /// <param name="place">What is shown of the holder, if not itself.</param>
    /// <param name="cancellationToken">Gives the place in the queue up.</param>
    internal Task EnterAsync(object holder, object? place, CancellationToken cancellationToken) => _waiters.EnterAsync(
        (Self: this, Holder: holder, Place: place),
        static entry => entry.Self.TryEnterNeedsLock(entry.Holder, entry.Place),
        static entry => new Entrant(entry.Holder, entry.Place),
        cancellationToken);

    /// <summary>Takes a permit, or a place in the queue for a waiter that is resumed with one.</summary>
    /// <returns>Whether the permit was free.</returns>
    internal bool EnterOrEnqueue(WaitQueue.Waiter waiter)
    {
        lock (_gate)
        {
            if (TryEnterNeedsLock())
            {
                return true;
            }

            _waiters.EnqueueNeedsLock(waiter);
            return false;
        }
    }

    /// <summary>Gives one permit back, to the first waiter if there is one.</summary>
    /// <exception cref="SemaphoreFullException">The semaphore is bounded and has all its permits.</exception>
    /// <remarks>asyncio: <c>Semaphore.release()</c>.</remarks>
    public void Release() => Release(holder: null);

    /// <summary>As <see cref="Release()"/>, by somebody known.</summary>
    /// <param name="holder">Who gives it back; where that is none of those who told, nobody knows any more who has the others.</param>
    internal void Release(object? holder) => HandOver(holder)?.Resume();

    /// <summary>As <see cref="Release(object?)"/>, but the first waiter, which has the permit then, is the caller's to resume.</summary>
    internal WaitQueue.Waiter? HandOver(object? holder = null)
    {
        lock (_gate)
        {
            WaitQueue.Waiter? next = _waiters.DequeueNeedsLock();
            if (next is null)
            {
                if (IsBounded && _currentCount == InitialCount)
                {
                    throw new SemaphoreFullException(
                        $"{Label.Of("The bounded semaphore", Name)} has all its {InitialCount} permits already.");
                }

                _currentCount++;
            }

            _holders?.Remove(holder);
            if (next is Entrant entrant)
            {
                AddHolderNeedsLock(entrant.Holder, entrant.Place);
            }

            _holders?.Keep(InitialCount - _currentCount);
            return next;
        }
    }

    /// <summary>Those who hold a permit, as far as that is certain; for those who look in.</summary>
    internal IReadOnlyList<object> GetHolders()
    {
        lock (_gate)
        {
            return _holders?.ToArray() ?? [];
        }
    }

    int IHasWaiters.WaiterCount => WaitingCount;

    /// <summary>The semaphore's name and state.</summary>
    public override string ToString() => $"{Label.Of("AsyncSemaphore", Name)} ({CurrentCount} of {InitialCount} free{Label.Waiting(WaitingCount)})";

    private bool TryEnterNeedsLock()
    {
        Debug.Assert(_currentCount == 0 || _waiters.CountNeedsLock == 0, "a free permit never lies beside a waiter");
        if (_currentCount == 0)
        {
            return false;
        }

        _currentCount--;
        return true;
    }

    private bool TryEnterNeedsLock(object? holder, object? place)
    {
        bool isIn = TryEnterNeedsLock();
        if (isIn)
        {
            AddHolderNeedsLock(holder, place);
        }

        return isIn;
    }

    private void AddHolderNeedsLock(object? holder, object? place)
    {
        if (holder is not null)
        {
            (_holders ??= new PermitHolders()).Add(holder, place);
            _holders.Keep(InitialCount - _currentCount);
        }
    }

    /// <summary>A waiter that is known as the holder from the moment that the permit is its own.</summary>
    private sealed class Entrant(object holder, object? place) : WaitQueue.TaskWaiter
    {
        public object Holder { get; } = holder;

        public object? Place { get; } = place;
    }
}
