using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes the name of a semaphore that the process shares already.</summary>
internal sealed class SemaphoreNameCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> GetWords(IDictionary given) =>
        from semaphore in AsyncSemaphore.GetNamed()
        orderby semaphore.Name
        select (semaphore.Name!, $"{semaphore}");
}
