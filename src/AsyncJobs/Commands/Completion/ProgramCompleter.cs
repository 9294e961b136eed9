using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes a program's name. Without a beginning, or where no program has it, PowerShell offers files.</summary>
internal sealed class ProgramCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        string.IsNullOrEmpty(wordToComplete)
            ? []
            : CompletionCompleters.CompleteCommand(wordToComplete, moduleName: null, CommandTypes.Application);
}
