using System.Collections;

namespace AsyncJobs;

/// <summary>Completes the name of a task that is not done.</summary>
public sealed class TaskNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = ArgumentText.Beginning(wordToComplete);
        return
            from task in RunspaceLoop.Current.Tasks.GetPending()
            where pattern.IsMatch(task.Name)
            group task by task.Name into named
            select new CompletionResult(ArgumentText.Quoted(named.Key), named.Key, CompletionResultType.ParameterValue, $"{named.First()}");
    }
}
