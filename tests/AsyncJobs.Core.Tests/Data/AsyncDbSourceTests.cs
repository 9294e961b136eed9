using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AsyncJobs.Core.Tests.Data;

public sealed class AsyncDbSourceTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly AsyncDbSource _source;

    public AsyncDbSourceTests() =>
        _source = new AsyncDbSource(SqliteFactory.Instance.CreateDataSource($"Data Source={_file}"), isOwned: true, poolSize: null);

    [Fact]
    public async Task Run_Query_GivesConnectionBack()
    {
        object? result = await RunAsync("select @x", DbResultKind.Scalar, new DbValue("@x", 5));

        Assert.Equal(5L, result);
        Assert.Equal(0, _source.ConnectionCount);
    }

    [Fact]
    public async Task Run_FailingQuery_GivesConnectionBack()
    {
        AsyncDbException failure = await Assert.ThrowsAsync<AsyncDbException>(() => RunAsync("selec", DbResultKind.Scalar));

        Assert.Equal(("DbQueryFailed", 1), (failure.ErrorId, failure.ServerCode));
        Assert.Equal(0, _source.ConnectionCount);
    }

    [Fact]
    public async Task Run_WithPoolOfOne_TakesTurns()
    {
        using var small = new AsyncDbSource(SqliteFactory.Instance.CreateDataSource($"Data Source={_file}"), isOwned: true, poolSize: 1);

        object?[] results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => DbRun.RunAsync(small, null, Query($"select {number}", DbResultKind.Scalar), default)));

        Assert.Equal(Enumerable.Range(0, 20).Select(number => (object?)(long)number), results);
        Assert.Equal((0, 0), (small.ConnectionCount, small.WaitingCount));
    }

    [Fact]
    public async Task Stream_LeftEarly_GivesConnectionBack()
    {
        var stream = (DbRowStream)(await RunAsync(
            "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n", DbResultKind.PSObject, isStreamed: true))!;
        Assert.Equal(1, _source.ConnectionCount);

        var read = new List<object?>();
        await foreach (object? row in stream)
        {
            read.Add(row);
            if (read.Count == 1000)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(1, 1000).Select(number => (object?)(long)number), read);
        Assert.Equal(0, _source.ConnectionCount);
    }

    [Fact]
    public async Task Dispose_WithOpenStream_ClosesStream()
    {
        await RunAsync("select 1", DbResultKind.PSObject, isStreamed: true);

        _source.Dispose();

        Assert.True(SpinWait.SpinUntil(() => _source.ConnectionCount == 0, TimeSpan.FromSeconds(30)));
        AsyncDbException failure = await Assert.ThrowsAsync<AsyncDbException>(() => RunAsync("select 1", DbResultKind.Scalar));
        Assert.Equal("DbSourceClosed", failure.ErrorId);
    }

    [Fact]
    public async Task Enter_Transaction_InOrderOfCalls()
    {
        await RunAsync("create table t(n integer)", DbResultKind.NonQuery);
        AsyncDbTransaction transaction = await AsyncDbTransaction.BeginAsync(_source, System.Data.IsolationLevel.Unspecified, limit: null, default);
        Task<object?>[] queries =
        [
            .. Enumerable.Range(0, 50).Select(number => DbRun.RunAsync(
                _source, transaction, Query("insert into t select count(*) from t returning n", DbResultKind.Scalar), default)),
        ];
        Task ending = transaction.EndAsync(commits: true);

        Assert.Equal(Enumerable.Range(0, 50).Select(number => (object?)(long)number), await Task.WhenAll(queries));
        await ending;
        Assert.Equal((AsyncDbTransactionState.Committed, 0), (transaction.State, _source.ConnectionCount));
    }

    [Fact]
    public async Task Run_CallsThatBlock_AreFewAtATime()
    {
        int running = 0;
        int most = 0;
        var gate = new object();
        Task<int> Work()
        {
            lock (gate)
            {
                most = Math.Max(most, ++running);
            }

            Thread.Sleep(5);
            Assert.False(Thread.CurrentThread.IsThreadPoolThread);
            lock (gate)
            {
                return Task.FromResult(running--);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _source.RunAsync(Work, isLimited: true, abandoned: null, default)));

        Assert.InRange(most, 1, Math.Max(4, 2 * Environment.ProcessorCount));
    }

    [Fact]
    public async Task Run_CallThatCannotBeCancelled_IsLeftAndItsResultGivenBack()
    {
        using var blocked = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var abandoned = new TaskCompletionSource<int>();
        Task<int> run = _source.RunAsync(
            () =>
            {
                blocked.Wait();
                return Task.FromResult(7);
            },
            isLimited: true,
            abandoned.SetResult,
            stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        blocked.Set();

        Assert.Equal(7, await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void SizeOf_PoolOfConnectionString_IsItsMaximum()
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = "Max Pool Size=7" };
        var unpooled = new DbConnectionStringBuilder { ConnectionString = "Maximum Pool Size=7;Pooling=false" };

        Assert.Equal(7, DbPool.SizeOf(settings));
        Assert.Equal(int.MaxValue, DbPool.SizeOf(unpooled));
        Assert.Null(DbPool.SizeOf(new SqliteConnectionStringBuilder()));
    }

    public void Dispose()
    {
        _source.Dispose();
        File.Delete(_file);
    }

    private static DbQuery Query(string sql, DbResultKind kind, bool isStreamed = false, params DbValue[] values) => new()
    {
        Sql = sql,
        Placeholders = new DbPlaceholders(sql),
        Parameters = values,
        As = kind,
        IsStreamed = isStreamed,
        MakeRows = static _ => static row => row[0],
    };

    private Task<object?> RunAsync(string sql, DbResultKind kind, params DbValue[] values) =>
        DbRun.RunAsync(_source, transaction: null, Query(sql, kind, isStreamed: false, values), default);

    private Task<object?> RunAsync(string sql, DbResultKind kind, bool isStreamed) =>
        DbRun.RunAsync(_source, transaction: null, Query(sql, kind, isStreamed), default);
}
