using System.Net;

namespace AsyncJobs.Core.Network;

/// <summary>
/// The system's resolver, which holds a thread until a name server has answered, some ten seconds where none does. It has
/// threads of its own: on the thread pool, where .NET would run it, a few hundred names that nobody answers for would hold
/// what every other task, and every time limit, is waiting for.
/// </summary>
/// <param name="lookUp">Finds the entry of a name or address, or throws; blocks.</param>
/// <param name="threadLimit">How many threads there may be; with that many held, further look-ups wait in line.</param>
internal sealed class HostResolver(Func<string, IPHostEntry> lookUp, int threadLimit = HostResolver.DefaultThreadLimit)
{
    private const int DefaultThreadLimit = 4096;

    // What name service modules may need; only what is used takes memory.
    private const int StackSize = 512 * 1024;

    // Those that stay for what comes next; after names that nobody answered for there may be thousands.
    private const int IdleLimit = 64;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(3);

    private readonly object _gate = new();
    private readonly Dictionary<string, Lookup> _lookups = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Lookup> _queue = new();
    private int _threadCount;
    private int _idleCount;

    /// <summary>The one of this process.</summary>
    public static HostResolver OfSystem { get; } = new(Dns.GetHostEntry);

    /// <summary>How many threads there are.</summary>
    internal int ThreadCount
    {
        get
        {
            lock (_gate)
            {
                return _threadCount;
            }
        }
    }

    /// <summary>Finds a host's names and addresses. Those who ask for the same at the same time share the look-up.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="stop">Ends the wait, but not the look-up, which has no handle for that.</param>
    public async Task<IPHostEntry> FindAsync(string host, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Lookup lookup = Join(host);
        try
        {
            return await lookup.Answer.WaitAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                lookup.WaiterCount--;
            }
        }
    }

    private Lookup Join(string host)
    {
        bool needsThread = false;
        Lookup? lookup;
        lock (_gate)
        {
            // One that was given up may hang: whoever asks anew gets an answer of his own.
            if (!_lookups.TryGetValue(host, out lookup) || (lookup.IsUnderWay && lookup.WaiterCount == 0))
            {
                lookup = _lookups[host] = new Lookup(host);
                _queue.Enqueue(lookup);
                if (_idleCount >= _queue.Count)
                {
                    Monitor.Pulse(_gate);
                }
                else if (_threadCount < threadLimit)
                {
                    _threadCount++;
                    needsThread = true;
                }
            }

            lookup.WaiterCount++;
        }

        if (needsThread)
        {
            StartThread();
        }

        return lookup;
    }

    private void StartThread()
    {
        try
        {
            new Thread(Serve, StackSize) { IsBackground = true, Name = "AsyncJobs name look-ups" }.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // The system gives no more threads. Those that there are go on with the queue.
            lock (_gate)
            {
                if (_threadCount > 1)
                {
                    _threadCount--;
                    return;
                }
            }

            ThreadPool.UnsafeQueueUserWorkItem(static resolver => resolver.Serve(), this, preferLocal: false);
        }
    }

    private void Serve()
    {
        while (TakeNext() is { } lookup)
        {
            lookup.Run(lookUp);
            lock (_gate)
            {
                RemoveNeedsGate(lookup);
            }
        }
    }

    private Lookup? TakeNext()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_queue.TryDequeue(out Lookup? next))
                {
                    if (next.WaiterCount > 0)
                    {
                        next.IsUnderWay = true;
                        return next;
                    }

                    RemoveNeedsGate(next);
                    continue;
                }

                _idleCount++;
                bool isWoken = _idleCount <= IdleLimit && Monitor.Wait(_gate, IdleTime);
                _idleCount--;
                if (!isWoken && _queue.Count == 0)
                {
                    _threadCount--;
                    return null;
                }
            }
        }
    }

    private void RemoveNeedsGate(Lookup lookup)
    {
        if (_lookups.GetValueOrDefault(lookup.Host) == lookup)
        {
            _lookups.Remove(lookup.Host);
        }
    }

    /// <summary>One look-up; what changes is under the resolver's gate.</summary>
    private sealed class Lookup(string host)
    {
        private readonly TaskCompletionSource<IPHostEntry> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Host { get; } = host;

        public int WaiterCount { get; set; }

        public bool IsUnderWay { get; set; }

        public Task<IPHostEntry> Answer => _answer.Task;

        public void Run(Func<string, IPHostEntry> lookUp)
        {
            try
            {
                _answer.SetResult(lookUp(Host));
            }
            catch (Exception exception)
            {
                _answer.SetException(exception);

                // All who waited may be gone; that is no failure that nobody saw.
                _ = _answer.Task.Exception;
            }
        }
    }
}
