using System.Data.Common;

namespace AsyncJobs.Core.Data;

/// <summary>A connection for as long as one query needs it.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction whose connection it is, which keeps it; null where it goes back.</param>
/// <param name="release">Lets the next one have it.</param>
internal sealed class DbLease(DbConnection connection, DbTransaction? transaction, Action release) : IAsyncDisposable
{
    private bool _isOver;

    public DbConnection Connection => connection;

    public DbTransaction? Transaction => transaction;

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        try
        {
            if (transaction is null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            release();
        }
    }
}
