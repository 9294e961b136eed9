using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes the name of an event of the object, or the type, that stands before it.</summary>
internal sealed class EventNameCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> GetWords(IDictionary given) =>
        given["InputObject"].Unwrap() is not { } input ? [] :
            from found in ObjectEvent.GetEvents(input)
            group found by found.Name into named
            orderby named.Key
            select (named.Key, $"{named.First().EventHandlerType} {named.Key}");
}
