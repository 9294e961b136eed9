using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes an argument out of some words.</summary>
internal abstract class WordCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = ArgumentText.Beginning(wordToComplete);
        return
            from word in GetWords(fakeBoundParameters)
            where pattern.IsMatch(word.Text)
            select new CompletionResult(ArgumentText.Quoted(word.Text), word.Text, CompletionResultType.ParameterValue, word.ToolTip);
    }

    /// <summary>The words, with what a user is told of each.</summary>
    /// <param name="given">The other arguments of the command, as far as their values are known.</param>
    protected abstract IEnumerable<(string Text, string ToolTip)> GetWords(IDictionary given);
}
