namespace AsyncJobs.Core.Data;

/// <summary>
/// The rows of a query while they still come in. Only what somebody asks for is read, so a reader that takes its time holds up the
/// server; a reader that ends early ends the query.
/// </summary>
internal sealed class DbRowStream : IAsyncEnumerable<object?>
{
    private readonly DbRun _run;
    private readonly CancellationTokenRegistration _closing;
    private int _isRead;

    public DbRowStream(DbRun run)
    {
        _run = run;

        // Also where nobody reads it: the connection is not to outlive the source or the transaction.
        _closing = run.StoppingToken.UnsafeRegister(static stream => _ = ((DbRowStream)stream!).CloseAsync(), this);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerator<object?> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
        {
            throw new InvalidOperationException("A query can be read as a stream only once.");
        }

        try
        {
            while (await _run.ReadAsync(cancellationToken).ConfigureAwait(false) is { } rows)
            {
                foreach (object? row in rows)
                {
                    yield return row;
                }
            }
        }
        finally
        {
            await CloseAsync().WaitAsync(AsyncDbSource.Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends the query and gives its connection back.</summary>
    public Task CloseAsync()
    {
        _closing.Unregister();
        return Task.Run(async () => await _run.DisposeAsync().ConfigureAwait(false));
    }
}
