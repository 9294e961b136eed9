using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes a browser's name for itself, out of PowerShell's list.</summary>
internal sealed class UserAgentCompleter : IArgumentCompleter
{
    private static readonly string[] Browsers = ["Chrome", "FireFox", "InternetExplorer", "Opera", "Safari"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = ArgumentText.Beginning(wordToComplete);
        return
            from browser in Browsers
            where pattern.IsMatch(browser)
            let expression = $"([Microsoft.PowerShell.Commands.PSUserAgent]::{browser})"
            select new CompletionResult(expression, browser, CompletionResultType.ParameterValue, expression);
    }
}
