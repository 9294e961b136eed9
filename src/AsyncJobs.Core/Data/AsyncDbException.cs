using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>What a database refused, with what its provider tells of that; the provider's own exception is the inner one.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made where a query fails, and nowhere else.")]
public sealed class AsyncDbException : DbException, IHasErrorId
{
    internal const string ConnectionFailed = "DbConnectionFailed";
    internal const string QueryFailed = "DbQueryFailed";
    internal const string TransactionFailed = "DbTransactionFailed";
    internal const string TransactionEnded = "DbTransactionEnded";
    internal const string TransactionBusy = "DbTransactionBusy";
    internal const string SourceClosed = "DbSourceClosed";

    internal AsyncDbException(string errorId, string message, Exception? cause = null)
        : base(message, cause) => ErrorId = errorId;

    /// <inheritdoc/>
    public string ErrorId { get; }

    /// <inheritdoc/>
    public override string? SqlState => Cause?.SqlState;

    /// <inheritdoc/>
    public override int ErrorCode => Cause?.ErrorCode ?? base.ErrorCode;

    /// <inheritdoc/>
    public override bool IsTransient => Cause?.IsTransient ?? false;

    /// <summary>The server's own code: the number of SQL Server, MySQL and Oracle, the extended one of SQLite; null for those that have none.</summary>
    public int? ServerCode => Told("SqliteExtendedErrorCode", "Number") switch
    {
        int number => number,
        IConvertible number and not string => Convert.ToInt32(number, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The place of the mistake in the text, from 1; null where the server does not tell.</summary>
    public int? Position => Told("Position") is int and > 0 and var position ? position : null;

    /// <summary>More of the failure, as the server tells it; null where it does not.</summary>
    public string? Detail => Told("Detail") as string;

    /// <summary>What the server advises; null where it does not.</summary>
    public string? Hint => Told("Hint") as string;

    /// <summary>The constraint that was violated; null where the server does not tell.</summary>
    public string? ConstraintName => Told("ConstraintName") as string;

    /// <summary>The table that it was about; null where the server does not tell.</summary>
    public string? TableName => Told("TableName") as string;

    /// <summary>The column that it was about; null where the server does not tell.</summary>
    public string? ColumnName => Told("ColumnName") as string;

    private DbException? Cause => InnerException as DbException;

    /// <summary>What a provider's exception says, in one line where it repeats its properties in others.</summary>
    internal static string MessageOf(Exception exception) =>
        PropertyOf(exception, "MessageText") is string text ? $"{(exception as DbException)?.SqlState}: {text}" : exception.Message;

    private object? Told(params string[] names) => names.Select(name => PropertyOf(InnerException, name)).FirstOrDefault(static value => value is not null);

    // What providers tell beyond DbException has no common type.
    private static object? PropertyOf(Exception? exception, string name) =>
        exception is DbException ? exception.GetType().GetProperty(name)?.GetValue(exception) : null;
}
