using System.Collections;
using System.Data.Common;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes a database provider: one that is registered or loaded, one of the usual names, or an assembly's file.</summary>
internal sealed class DbProviderCompleter : IArgumentCompleter
{
    private static readonly (string Name, string Database)[] Usual =
    [
        ("Microsoft.Data.SqlClient", "SQL Server"), ("Microsoft.Data.Sqlite", "SQLite"), ("MySqlConnector", "MySQL and MariaDB"),
        ("Npgsql", "PostgreSQL"), ("Oracle.ManagedDataAccess", "Oracle"), ("System.Data.Odbc", "ODBC"), ("System.Data.SQLite", "SQLite"),
        ("DuckDB.NET.Data", "DuckDB"), ("FirebirdSql.Data.FirebirdClient", "Firebird"), ("Snowflake.Data", "Snowflake"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = ArgumentText.Beginning(wordToComplete);
        IEnumerable<CompletionResult> names =
            from provider in GetKnown().Concat(Usual.Select(static one => (one.Name, ToolTip: $"{one.Database}, where the provider can be found")))
            where pattern.IsMatch(provider.Name)
            group provider by provider.Name into named
            orderby named.Key
            select new CompletionResult(named.Key, named.Key, CompletionResultType.ParameterValue, named.First().ToolTip);
        IEnumerable<CompletionResult> files =
            from file in CompletionCompleters.CompleteFilename(wordToComplete ?? "")
            where file.ResultType == CompletionResultType.ProviderContainer
                || file.ListItemText.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            select file;
        return names.Concat(files);
    }

    private static IEnumerable<(string Name, string ToolTip)> GetKnown() =>
        DbProviderFactories.GetProviderInvariantNames().Select(static name => (name, "registered with DbProviderFactories"));
}
