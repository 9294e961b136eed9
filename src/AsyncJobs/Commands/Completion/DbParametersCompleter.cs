using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes the whole table of a query's parameters, out of its text: a variable of its name for each.</summary>
internal sealed class DbParametersCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (!string.IsNullOrEmpty(wordToComplete) || (fakeBoundParameters["Sql"] ?? fakeBoundParameters["Query"]).Unwrap() is not string sql)
        {
            return [];
        }

        string[] names = [.. new DbPlaceholders(sql).Names.Select(DbPlaceholders.Bare)];
        string table = $"@{{ {string.Join("; ", names.Select(static name => $"{name} = ${name}"))} }}";
        return names.Length == 0 ? [] : [new CompletionResult(table, table, CompletionResultType.ParameterValue, $"the parameters of: {sql}")];
    }
}
