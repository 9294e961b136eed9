using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>
/// A database that queries go to: a provider's data source with its pool of connections. Safe from any thread and any runspace.
/// Nothing that it shows has the connection string in it.
/// </summary>
[DebuggerDisplay("{ToString()}")]
[SuppressMessage("Usage", "CA2213", Justification = "Closing may be asked for at any time; the token holds nothing.")]
public sealed class AsyncDbSource : IDisposable
{
    /// <summary>How long a provider may take to end a call that was cancelled; one that cannot is left to itself then.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly DbDataSource _source;
    private readonly bool _isOwned;
    private readonly CancellationTokenSource _closing = new();

    // One for each connection of the pool: who waits for one is served in order and meets no limit of the provider's own.
    private readonly AsyncSemaphore? _connections;

    // A provider without such a pool is one whose calls block: a file's, or a driver's. These get threads of their own, a few.
    private readonly AsyncSemaphore? _calls;

    private int _connectionCount;

    internal AsyncDbSource(DbDataSource source, bool isOwned, int? poolSize, string? name = null)
    {
        _source = source;
        _isOwned = isOwned;
        Name = name;
        _connections = poolSize is { } size ? new AsyncSemaphore(size) : null;
        _calls = poolSize is null ? new AsyncSemaphore(Math.Max(4, 2 * Environment.ProcessorCount)) : null;
        using DbConnection connection = source.CreateConnection();
        Provider = connection.GetType().Namespace ?? connection.GetType().Name;
        Server = connection.DataSource;
        Database = connection.Database;
    }

    /// <summary>The source's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>The provider: the namespace of its types.</summary>
    public string Provider { get; }

    /// <summary>The server or the file, as the provider calls it.</summary>
    public string Server { get; }

    /// <summary>The database, as the provider calls it.</summary>
    public string Database { get; }

    /// <summary>How many connections queries, streams and transactions hold now.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>How many queries and transactions wait for a connection or, with a provider whose calls block, for a thread.</summary>
    public int WaitingCount => (_connections ?? _calls)!.WaitingCount;

    /// <summary>Whether the source has been given back.</summary>
    public bool IsClosed => _closing.IsCancellationRequested;

    /// <summary>Called once the source is closed.</summary>
    internal Action? Closed { get; set; }

    /// <summary>Cancelled when the source is closed.</summary>
    internal CancellationToken ClosingToken => _closing.Token;

    /// <summary>Ends what is under way and gives the connections back. A data source that was brought stays its owner's to close.</summary>
    public void Dispose()
    {
        if (IsClosed)
        {
            return;
        }

        _closing.Cancel();
        Closed?.Invoke();
        if (_isOwned)
        {
            DbConnection connection = _source.CreateConnection();
            _source.Dispose();
            DbPool.Clear(connection);
        }
    }

    /// <summary>The source's name, provider and server.</summary>
    public override string ToString() => $"{Label.Of("AsyncDbSource", Name)} ({Provider}, {Server})";

    /// <summary>Opens a connection; one that goes back when it is disposed.</summary>
    internal async Task<DbLease> OpenAsync(CancellationToken stop)
    {
        ThrowIfClosed();
        if (_connections is not null)
        {
            await _connections.EnterAsync(stop).ConfigureAwait(false);
        }

        Interlocked.Increment(ref _connectionCount);
        try
        {
            return new DbLease(await _source.OpenConnectionAsync(stop).ConfigureAwait(false), transaction: null, Release);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>
    /// Does a provider's work on another thread than this one, for its calls may block. Once the work is cancelled it is waited for a
    /// little; what does not end by then ends by itself.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="isLimited">Whether it counts among the calls that may block at a time.</param>
    /// <param name="abandoned">Gets what comes of work that was left to itself; null where that needs nothing.</param>
    /// <param name="stop">Cancelled with the work.</param>
    internal async Task<T> RunAsync<T>(Func<Task<T>> work, bool isLimited, Action<T>? abandoned, CancellationToken stop)
    {
        AsyncSemaphore? permits = isLimited ? _calls : null;
        if (permits is not null)
        {
            await permits.EnterAsync(stop).ConfigureAwait(false);
        }

        Task<T> running = _calls is null ? Task.Run(work, CancellationToken.None) : BlockingThreads.RunAsync(work);
        if (permits is not null)
        {
            _ = running.ContinueWith(
                static (_, calls) => ((AsyncSemaphore)calls!).Release(), permits, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await ((Task)running).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted)
        {
            await ((Task)running).WaitAsync(Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (running.IsCompleted)
        {
            return await running.ConfigureAwait(false);
        }

        _ = running.ContinueWith(
            finished =>
            {
                if (finished.Exception is null)
                {
                    abandoned?.Invoke(finished.Result);
                }
            },
            TaskScheduler.Default);
        throw new OperationCanceledException(stop);
    }

    /// <summary>What a failure is that any work with a connection may meet: an end that was asked for, a limit, or no connection.</summary>
    /// <param name="exception">What the provider threw.</param>
    /// <param name="phase">What the work was doing.</param>
    /// <param name="limit">The limit it had, or null.</param>
    /// <param name="isStopped">Whether it was cancelled, be it by the limit.</param>
    /// <param name="stop">Who asked for the work ends it with this.</param>
    /// <returns>The failure; null if it is that of the work itself.</returns>
    internal Exception? AsFailure(Exception exception, DbPhase phase, TimeSpan? limit, bool isStopped, CancellationToken stop)
    {
        if (isStopped)
        {
            return stop.IsCancellationRequested ? new OperationCanceledException(stop)
                : IsClosed ? new AsyncDbException(AsyncDbException.SourceClosed, $"{this} was closed.", exception)
                : new DbTimeoutException(this, phase, limit, exception);
        }

        return exception is DbException { InnerException: TimeoutException } or TimeoutException
            ? new DbTimeoutException(this, phase, limit: null, exception)
            : phase == DbPhase.Connecting
                ? new AsyncDbException(
                    AsyncDbException.ConnectionFailed, $"{this}: no connection. {AsyncDbException.MessageOf(exception).TrimEnd('.')}.", exception)
                : null;
    }

    /// <exception cref="AsyncDbException">The source is closed.</exception>
    internal void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw new AsyncDbException(AsyncDbException.SourceClosed, $"{this} is closed.");
        }
    }

    private void Release()
    {
        Interlocked.Decrement(ref _connectionCount);
        _connections?.Release();
    }
}
