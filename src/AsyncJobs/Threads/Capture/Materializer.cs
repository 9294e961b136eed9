using System.Collections;
using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>The making of one run's values in its runspace. What was one object is one object there.</summary>
/// <param name="state">The runspace's.</param>
/// <param name="captures">What the task takes along.</param>
/// <param name="variables">The caller's variables.</param>
internal sealed class Materializer(SessionState state, CaptureSet captures, IReadOnlyList<KeyValuePair<string, object?>> variables)
{
    private Dictionary<Surrogate, object?>? _arrived;

    /// <summary>The caller's functions, for script blocks with a module of their own.</summary>
    public IEnumerable<FunctionInfo> Functions => captures.Functions;

    /// <summary>The caller's variables, for the same.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Variables => variables;

    /// <summary>The value itself, or what it becomes.</summary>
    public object? Of(object? value)
    {
        if (value is not Surrogate crossing)
        {
            return value;
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

    /// <summary>Runs a script in the scope of a module.</summary>
    public void RunIn(PSModuleInfo module, ScriptBlock script) => state.InvokeCommand.InvokeScript(module.SessionState, script);

    /// <summary>A block that belongs to this runspace.</summary>
    public ScriptBlock Bind(ScriptBlock block) =>
        (ScriptBlock)state.InvokeCommand.InvokeScript(useLocalScope: false, UnboundScript.BinderOf(block), input: null)[0].BaseObject;
}
