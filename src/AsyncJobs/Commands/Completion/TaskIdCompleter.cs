using System.Collections;
using System.Globalization;

namespace AsyncJobs;

/// <summary>Completes the number of a task that is not done.</summary>
public sealed class TaskIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from task in RunspaceLoop.Current.Tasks.GetPending()
        let id = task.Id.ToString(CultureInfo.InvariantCulture)
        where id.StartsWith(wordToComplete ?? string.Empty, StringComparison.Ordinal)
        select new CompletionResult(id, id, CompletionResultType.ParameterValue, $"{task}");
}
