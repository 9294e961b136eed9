using System.Collections;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>The making of one run's values in its runspace. What was one object is one object there.</summary>
/// <param name="state">The runspace's; null where blocks are to belong to whoever calls them.</param>
internal class Materializer(SessionState? state)
{
    private Dictionary<Surrogate, object?>? _arrived;

    /// <summary>The caller's functions, for script blocks with a module of their own.</summary>
    public IEnumerable<FunctionInfo> Functions { get; init; } = [];

    /// <summary>The caller's variables, for the same.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Variables { get; init; } = [];

    /// <summary>The value itself, or what it becomes.</summary>
    public object? Of(object? value)
    {
        if (value is not Surrogate crossing)
        {
            return value;
        }

        if (!crossing.IsNeeded)
        {
            return crossing.Original;
        }

        if (_arrived is null || !_arrived.TryGetValue(crossing, out object? arrived))
        {
            arrived = crossing.Arrive(this);
            Note(crossing, arrived);
        }

        return arrived;
    }

    /// <summary>A table with what its values become; itself where they are there already.</summary>
    public IDictionary OfValues(IDictionary values)
    {
        var arrived = new Dictionary<string, object?>();
        foreach (DictionaryEntry entry in values)
        {
            arrived.Add((string)entry.Key, Of(entry.Value));
        }

        return arrived;
    }

    /// <summary>Notes what a value becomes before its parts are made: one of them may be the whole.</summary>
    public void Note(Surrogate crossing, object? value) => (_arrived ??= [])[crossing] = value;

    /// <summary>A module in memory, of the runspace's.</summary>
    public virtual PSModuleInfo NewModule() => new(linkToGlobal: true);

    /// <summary>Defines a function in a module.</summary>
    public void Define(PSModuleInfo module, FunctionInfo function) =>
        state!.InvokeCommand.InvokeScript(module.SessionState, UnboundScript.DefinitionOf(function));

    /// <summary>A block that belongs to the runspace.</summary>
    public ScriptBlock Bind(ScriptBlock block) => state is null ? block : BoundScript.Of(state, block);
}
