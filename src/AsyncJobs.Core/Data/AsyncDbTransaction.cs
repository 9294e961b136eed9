using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>
/// A transaction, from when its block begins until it is committed or rolled back. It has one connection: its queries run one after
/// the other, in the order in which they were started.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token holds nothing, and the connection is given back at the end.")]
public sealed class AsyncDbTransaction
{
    // PostgreSQL and its kin: every statement but a rollback is refused after one that failed, and a commit rolls back without a word.
    private const string StateAborted = "25P02";

    private readonly AsyncLock _turn = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly DbLease _lease;
    private readonly DbTransaction _transaction;
    private volatile AsyncDbTransactionState _state;
    private readonly ConcurrentQueue<(AsyncTask Query, Exception Failure)> _failures = [];
    private volatile bool _hasFailed;
    private volatile bool _isStreamed;
    private int _endings;

    private AsyncDbTransaction(AsyncDbSource source, DbLease lease, DbTransaction transaction)
    {
        Source = source;
        _lease = lease;
        _transaction = transaction;
        IsolationLevel = transaction.IsolationLevel;
    }

    /// <summary>The database.</summary>
    public AsyncDbSource Source { get; }

    /// <summary>What it sees of others' changes.</summary>
    public IsolationLevel IsolationLevel { get; }

    /// <summary>What has become of it.</summary>
    public AsyncDbTransactionState State => _state;

    /// <summary>How many of its queries wait for those before them.</summary>
    public int WaitingCount => _turn.WaitingCount;

    /// <summary>Its database and state.</summary>
    public override string ToString() => $"transaction of {Source} ({State})";

    /// <summary>Begins a transaction.</summary>
    internal static async Task<AsyncDbTransaction> BeginAsync(
        AsyncDbSource source, IsolationLevel isolationLevel, TimeSpan? limit, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, source.ClosingToken);
        either.CancelAfter(limit ?? Timeout.InfiniteTimeSpan);
        DbPhase phase = DbPhase.Connecting;
        async Task<AsyncDbTransaction> BeginAsync()
        {
            DbLease lease = await source.OpenAsync(either.Token).ConfigureAwait(false);
            try
            {
                phase = DbPhase.Executing;
                DbTransaction transaction = await lease.Connection.BeginTransactionAsync(isolationLevel, either.Token).ConfigureAwait(false);
                return new AsyncDbTransaction(source, lease, transaction);
            }
            catch
            {
                await lease.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        try
        {
            return await source.RunAsync(BeginAsync, isLimited: true, static abandoned => _ = abandoned.EndAsync(commits: false), either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not IHasErrorId)
        {
            throw source.AsFailure(exception, phase, limit, either.IsCancellationRequested, stop) ?? new AsyncDbException(
                AsyncDbException.TransactionFailed, $"{source}: no transaction could begin. {AsyncDbException.MessageOf(exception)}", exception);
        }
    }

    /// <summary>Waits for the queries before, and takes the connection.</summary>
    /// <param name="isStreamed">Whether it is kept until a stream has been read.</param>
    /// <param name="stop">Gives the place up.</param>
    /// <exception cref="AsyncDbException">The transaction is over, or a stream of it is open, which only its reader could end.</exception>
    internal async Task<DbLease> EnterAsync(bool isStreamed, CancellationToken stop)
    {
        ThrowIfEnded();
        if (_isStreamed)
        {
            throw new AsyncDbException(
                AsyncDbException.TransactionBusy,
                $"The rows of another query of the {this} are being read as a stream, which has its one connection. Read them to the end first.");
        }

        await _turn.EnterAsync(stop).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
        }
        catch
        {
            _turn.Release();
            throw;
        }

        _isStreamed = isStreamed;
        return new DbLease(_lease.Connection, _transaction, Leave);
    }

    /// <summary>Cancelled when what is under way is to end: at a rollback, or where only a stream is left.</summary>
    internal CancellationToken EndingToken => _ending.Token;

    /// <summary>A query of it has failed, after which some servers commit nothing.</summary>
    /// <param name="query">Its task, if it has one: where nobody looks at that, nothing is committed.</param>
    /// <param name="failure">What it failed with.</param>
    internal void NoteFailure(AsyncTask? query, Exception failure)
    {
        _hasFailed = true;
        if (query is not null)
        {
            _failures.Enqueue((query, failure));
        }
    }

    /// <summary>Ends the transaction, once; gives its connection back in any case.</summary>
    /// <param name="commits">Whether what it changed is to stay; then its queries that are under way end first.</param>
    /// <exception cref="AsyncDbException">It could not be committed, and is rolled back.</exception>
    internal async Task EndAsync(bool commits)
    {
        if (Interlocked.Increment(ref _endings) > 1)
        {
            return;
        }

        if (!commits || _isStreamed)
        {
            await _ending.CancelAsync().ConfigureAwait(false);
        }

        await _turn.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        _state = AsyncDbTransactionState.Ending;
        try
        {
            await Task.Run(() => commits ? CommitAsync() : RollBackAsync()).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
            await _transaction.DisposeAsync().ConfigureAwait(false);
            await _lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task CommitAsync()
    {
        try
        {
            ThrowIfOverlooked();
            if (_hasFailed)
            {
                await ThrowIfAbortedAsync().ConfigureAwait(false);
            }

            await _transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            _state = AsyncDbTransactionState.Committed;
        }
        catch (Exception exception)
        {
            await RollBackAsync().ConfigureAwait(false);
            throw exception is IHasErrorId ? exception : new AsyncDbException(
                AsyncDbException.TransactionFailed, $"The transaction was rolled back, not committed. {AsyncDbException.MessageOf(exception)}", exception);
        }
    }

    private void ThrowIfOverlooked()
    {
        foreach ((AsyncTask query, Exception failure) in _failures)
        {
            if (!query.IsObserved && !query.IsCancellationRequested)
            {
                query.MarkObserved();
                throw new AsyncDbException(
                    AsyncDbException.TransactionFailed,
                    $"The transaction was rolled back, not committed: a query of it failed, and nobody awaited that. {AsyncDbException.MessageOf(failure)}",
                    failure);
            }
        }
    }

    /// <summary>Asks the server whether it would still commit, where a query has failed and the script went on.</summary>
    private async Task ThrowIfAbortedAsync()
    {
        DbCommand probe = _lease.Connection.CreateCommand();
        await using (probe.ConfigureAwait(false))
        {
            probe.Transaction = _transaction;
            probe.CommandText = "SELECT 1";
            try
            {
                await probe.ExecuteScalarAsync().ConfigureAwait(false);
            }
            catch (DbException exception) when (exception.SqlState == StateAborted)
            {
                throw new AsyncDbException(
                    AsyncDbException.TransactionFailed,
                    "The transaction was rolled back, not committed: a query of it had failed, after which this server commits nothing. "
                        + "What may fail belongs behind a savepoint, or in a transaction of its own.",
                    exception);
            }
            catch (DbException)
            {
                // A server that has no such query is none of those.
            }
        }
    }

    private async Task RollBackAsync()
    {
        try
        {
            await _transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A server that is gone, or has ended it by itself, has rolled back.
        }

        _state = AsyncDbTransactionState.RolledBack;
    }

    private void Leave()
    {
        _isStreamed = false;
        _turn.Release();
    }

    private void ThrowIfEnded()
    {
        if (_state != AsyncDbTransactionState.Running || _ending.IsCancellationRequested)
        {
            throw Ended();
        }
    }

    /// <summary>What is said to a query of a transaction that is over.</summary>
    internal AsyncDbException Ended(Exception? cause = null) => new(
        AsyncDbException.TransactionEnded, $"The {this} is over; only its block can use it, until that ends.", cause);
}
