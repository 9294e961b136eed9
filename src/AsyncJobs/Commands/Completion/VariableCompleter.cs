using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes a variable that holds what the parameter takes.</summary>
/// <typeparam name="T">What it takes.</typeparam>
internal sealed class VariableCompleter<T> : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Microsoft.PowerShell.Utility\\Get-Variable");
        WildcardPattern pattern = ArgumentText.Beginning(wordToComplete?.TrimStart('$'));
        return
        [
            .. from found in shell.Invoke<PSVariable>()
               where IsNamed(found.Name) && pattern.IsMatch(found.Name) && Holds(found.Value)
               select new CompletionResult($"${found.Name}", $"${found.Name}", CompletionResultType.Variable, Describe(found.Value)),
        ];
    }

    // Neither $_, $$ and their kin nor what a pipeline left behind.
    private static bool IsNamed(string name) => name.Length > 1 && name.All(static letter => char.IsLetterOrDigit(letter) || letter == '_');

    private static bool Holds(object? value) => value.Unwrap() switch
    {
        T => true,
        IList { Count: > 0 } list => list[0].Unwrap() is T,
        _ => false,
    };

    private static string Describe(object? value) => value.Unwrap() switch
    {
        IList { Count: > 1 } list => $"{list[0].Unwrap()} and {list.Count - 1} more",
        IList { Count: 1 } list => $"{list[0].Unwrap()}",
        { } one => $"{one}",
        null => "",
    };
}
