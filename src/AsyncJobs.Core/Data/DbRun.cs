using System.Data.Common;

namespace AsyncJobs.Core.Data;

/// <summary>One query on its way: its connection, its phases, and what becomes of its failures. Given back by closing it.</summary>
internal sealed class DbRun : IAsyncDisposable
{
    // A stream is read this many rows at a time, or for so long, where they come without waiting.
    private const int RowsAtOnce = 256;
    private const int MillisecondsAtOnce = 20;

    private readonly AsyncDbSource _source;
    private readonly AsyncDbTransaction? _transaction;
    private readonly DbQuery _query;
    private readonly AsyncTask? _task;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenRegistration _closing;
    private readonly CancellationTokenRegistration _ending;

    // Held while rows are read, and while what reads them is closed.
    private readonly AsyncLock _reading = new();
    private DbPhase _phase = DbPhase.Connecting;
    private DbLease? _lease;
    private DbCommand? _command;
    private DbDataReader? _reader;
    private Func<object?[], object?>? _makeRow;
    private object?[] _values = [];
    private bool _isAtEnd = true;
    private Task<bool>? _pendingRead;
    private int _isClosed;

    private DbRun(AsyncDbSource source, AsyncDbTransaction? transaction, DbQuery query, AsyncTask? task)
    {
        _task = task;
        _source = source;
        _transaction = transaction;
        _query = query;
        _closing = source.ClosingToken.UnsafeRegister(Stop, _stopping);
        _ending = transaction?.EndingToken.UnsafeRegister(Stop, _stopping) ?? default;
    }

    /// <summary>Cancelled when the query is to end, whoever wants that.</summary>
    public CancellationToken StoppingToken => _stopping.Token;

    /// <summary>Carries a query out.</summary>
    /// <param name="source">The database.</param>
    /// <param name="transaction">The transaction, or null.</param>
    /// <param name="query">The query.</param>
    /// <param name="stop">Ends the query, also on the server.</param>
    /// <param name="task">The task that it is the work of, if it is one's.</param>
    /// <returns>What was asked for, or the rows as a stream.</returns>
    public static Task<object?> RunAsync(
        AsyncDbSource source, AsyncDbTransaction? transaction, DbQuery query, CancellationToken stop, AsyncTask? task = null)
    {
        var run = new DbRun(source, transaction, query, task);
        return run.WithinLimitAsync(run.ExecuteAsync, static result => _ = (result as DbRowStream)?.CloseAsync(), stop);
    }

    /// <summary>The next rows, as many as come without waiting once the first is there; null at the end.</summary>
    public Task<List<object?>?> ReadAsync(CancellationToken stop) => WithinLimitAsync(ReadBatchAsync, abandoned: null, stop);

    /// <summary>Ends the query, on the server too where it is not over, and gives its connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        _closing.Unregister();
        _ending.Unregister();
        await _reading.EnterAsync().ConfigureAwait(false);
        try
        {
            if (_pendingRead is not null)
            {
                await _stopping.CancelAsync().ConfigureAwait(false);
                await ((Task)_pendingRead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!_isAtEnd)
            {
                // Else closing the reader would read all that is left.
                _command!.Cancel();
            }

            if (_reader is not null)
            {
                await _reader.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // What was cancelled says so. Whether the connection can be used again is the pool's to find out.
        }
        finally
        {
            _reading.Release();
        }

        try
        {
            if (_command is not null)
            {
                // Its parameters may be the caller's.
                _command.Parameters.Clear();
                await _command.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (_lease is not null)
            {
                await _lease.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Does a part of the work under the query's limit, and says what a failure is.</summary>
    private async Task<T> WithinLimitAsync<T>(Func<Task<T>> work, Action<T>? abandoned, CancellationToken stop)
    {
        using CancellationTokenRegistration stopping = stop.UnsafeRegister(Stop, _stopping);
        _stopping.CancelAfter(_query.Timeout ?? Timeout.InfiniteTimeSpan);
        try
        {
            if (_transaction is not null && _lease is null)
            {
                // On the caller's thread: queries take their places in the order in which they are started.
                _phase = DbPhase.Queued;
                _lease = await _transaction.EnterAsync(_query.IsStreamed, _stopping.Token).ConfigureAwait(false);
            }

            // Those of a transaction are one at a time, and the calls that others wait in may be waiting for it.
            return await _source.RunAsync(work, isLimited: _transaction is null, abandoned, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw AsFailure(exception, stop);
        }
        finally
        {
            _stopping.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private static void Stop(object? source) => ((CancellationTokenSource)source!).Cancel();

    private async Task<object?> ExecuteAsync()
    {
        CancellationToken stop = _stopping.Token;
        bool isHandedOver = false;
        try
        {
            _lease ??= await _source.OpenAsync(stop).ConfigureAwait(false);
            _phase = DbPhase.Executing;
            MakeCommand();
            switch (_query.As)
            {
                case DbResultKind.NonQuery:
                    return await _command!.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
                case DbResultKind.Scalar:
                    object? value = await _command!.ExecuteScalarAsync(stop).ConfigureAwait(false);
                    return value is DBNull ? null : value;
            }

            _reader = await _command!.ExecuteReaderAsync(stop).ConfigureAwait(false);
            (_isAtEnd, _phase, isHandedOver) = (false, DbPhase.Reading, _query.IsStreamed);
            return isHandedOver ? new DbRowStream(this)
                : _query.As == DbResultKind.DataTable ? await ReadTablesAsync(stop).ConfigureAwait(false)
                : await ReadAllAsync(stop).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _transaction?.NoteFailure(_task, exception);
            throw;
        }
        finally
        {
            if (!isHandedOver)
            {
                await DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private void MakeCommand()
    {
        _command = _lease!.Connection.CreateCommand();
        _command.CommandText = _query.Sql;
        _command.Transaction = _lease.Transaction;
        foreach (DbValue value in _query.Parameters)
        {
            value.AddTo(_command);
        }

        if (_query.Timeout is { } limit)
        {
            // The provider's own limit may be shorter; and it is what ends a call that cannot be cancelled.
            _command.CommandTimeout = (int)Math.Min(Math.Ceiling(limit.TotalSeconds) + 1, int.MaxValue);
        }
    }

    private async Task<TaskOutput> ReadAllAsync(CancellationToken stop)
    {
        var rows = new List<object?>();
        while (await TryReadAsync(stop).ConfigureAwait(false))
        {
            rows.Add(MakeRow());
        }

        return new TaskOutput(rows);
    }

    private async Task<TaskOutput> ReadTablesAsync(CancellationToken stop)
    {
        var tables = new List<object?>();
        do
        {
            if (_reader!.FieldCount == 0)
            {
                continue;
            }

            string[] names = DbColumns.NamesOf(_reader);
            Type[] types = [.. Enumerable.Range(0, names.Length).Select(_reader.GetFieldType)];
            var rows = new List<object?[]>();
            while (await _reader.ReadAsync(stop).ConfigureAwait(false))
            {
                rows.Add(DbColumns.Read(_reader, new object?[names.Length]));
            }

            tables.Add(DbColumns.TableOf(names, types, rows));
        }
        while (await _reader.NextResultAsync(stop).ConfigureAwait(false));

        _isAtEnd = true;
        return new TaskOutput(tables);
    }

    private async Task<List<object?>?> ReadBatchAsync()
    {
        await _reading.EnterAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            _stopping.Token.ThrowIfCancellationRequested();
            return await ReadRowsAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _transaction?.NoteFailure(_task, exception);
            throw;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<List<object?>?> ReadRowsAsync()
    {
        var rows = new List<object?>();
        long until = Environment.TickCount64 + MillisecondsAtOnce;
        Task<bool> reading = _pendingRead ?? TryReadAsync(_stopping.Token);
        _pendingRead = null;
        while (await reading.ConfigureAwait(false))
        {
            rows.Add(MakeRow());
            if (rows.Count >= RowsAtOnce || Environment.TickCount64 > until)
            {
                return rows;
            }

            reading = TryReadAsync(_stopping.Token);
            if (!reading.IsCompletedSuccessfully)
            {
                _pendingRead = reading;
                return rows;
            }
        }

        return rows.Count > 0 ? rows : null;
    }

    /// <summary>Moves to the next row, in whichever set of rows it is.</summary>
    private async Task<bool> TryReadAsync(CancellationToken stop)
    {
        while (!_isAtEnd)
        {
            if (_reader!.FieldCount > 0)
            {
                _makeRow ??= StartRows();
                if (await _reader.ReadAsync(stop).ConfigureAwait(false))
                {
                    return true;
                }
            }

            _makeRow = null;
            _isAtEnd = !await _reader.NextResultAsync(stop).ConfigureAwait(false);
        }

        return false;
    }

    private Func<object?[], object?> StartRows()
    {
        string[] names = DbColumns.NamesOf(_reader!);
        _values = new object?[names.Length];
        return _query.MakeRows(names);
    }

    private object? MakeRow() => _makeRow!(DbColumns.Read(_reader!, _values));

    private Exception AsFailure(Exception exception, CancellationToken stop)
    {
        if (exception is IHasErrorId)
        {
            return exception;
        }

        bool isStopped = _stopping.IsCancellationRequested;
        return isStopped && !stop.IsCancellationRequested && _transaction is { EndingToken.IsCancellationRequested: true }
            ? _transaction.Ended(exception)
            : _source.AsFailure(exception, _phase, _query.Timeout, isStopped, stop) ?? AsQueryFailure(exception);
    }

    private Exception AsQueryFailure(Exception exception)
    {
        string message = AsyncDbException.MessageOf(exception).TrimEnd('.') + ".";
        string hint = Hint(exception);
        return exception is DbException || _query.Parameters.Count == 0
            ? new AsyncDbException(AsyncDbException.QueryFailed, message + hint, exception)
            : new DbParameterException(message + hint, exception);
    }

    /// <summary>What a failure may be due to, where the provider does not say which parameter it was.</summary>
    private string Hint(Exception exception)
    {
        string[] missing =
        [
            .. _query.Placeholders.Names.Where(name => !_query.Parameters.Any(
                given => given.Name is { } known && DbPlaceholders.Bare(known).Equals(DbPlaceholders.Bare(name), StringComparison.OrdinalIgnoreCase))),
        ];
        bool isOfValues = exception is not DbException || exception is DbException { SqlState: ['2', '2', ..] or ['4', '2', ..] };
        return (missing.Length > 0 ? $" No value was given for {string.Join(", ", missing)}." : "")
            + (isOfValues && _query.Parameters.Count > 0
                ? $" Given were {string.Join(", ", _query.Parameters.Select(static (value, index) => value.Describe(index)))}."
                : "");
    }
}
