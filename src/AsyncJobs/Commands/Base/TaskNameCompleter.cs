using System.Collections;

namespace AsyncJobs;

/// <summary>Completes the name of a task that is not done.</summary>
public sealed class TaskNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? string.Empty).Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return
            from task in RunspaceLoop.Current.Tasks.GetPending()
            where pattern.IsMatch(task.Name)
            group task by task.Name into named
            select new CompletionResult(Quoted(named.Key), named.Key, CompletionResultType.ParameterValue, $"{named.First()}");
    }

    // As an argument it is one word.
    private static string Quoted(string name) =>
        name.All(static letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? name
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}
