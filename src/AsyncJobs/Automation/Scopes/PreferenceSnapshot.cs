using System.Collections;

namespace AsyncJobs.Automation.Scopes;

/// <summary>The preferences that held where a task was started: preference variables, default parameters and strict mode.</summary>
/// <param name="scope">The place.</param>
internal sealed class PreferenceSnapshot(PreferenceScope scope)
{
    private readonly object?[] _values = [.. Enumerable.Range(0, PreferenceVariables.Names.Length).Select(i => scope[i])];

    // A copy: the caller may change the table later.
    private readonly DefaultParameterDictionary? _defaultParameters = scope.DefaultParameters is { } table ? new(table) : null;

    /// <summary>The session state of that place.</summary>
    public SessionState State => scope.State;

    /// <summary>The value of a preference.</summary>
    /// <param name="index">The place of its name in <see cref="PreferenceVariables.Names"/>.</param>
    public object? this[int index] => _values[index];

    /// <summary>The version of the strict mode; 0 for none.</summary>
    public int StrictVersion { get; } = scope.StrictVersion;

    /// <summary>A task's own <c>$PSDefaultParameterValues</c>; null where there were none.</summary>
    public PSVariable? NewDefaultParameters() => _defaultParameters is null
        ? null
        : new PSVariable(PreferenceVariables.DefaultParameters, new DefaultParameterDictionary(_defaultParameters));

    /// <summary>Whether other preferences hold in a scope.</summary>
    public bool DiffersFrom(PreferenceScope other) => NextDifference(other, from: 0) < _values.Length || HasOtherDefaults(other);

    /// <summary>The variables by which these preferences hold in a scope where others do.</summary>
    public IEnumerable<PSVariable> DifferencesFrom(PreferenceScope other)
    {
        for (int i = NextDifference(other, from: 0); i < _values.Length; i = NextDifference(other, i + 1))
        {
            yield return new PSVariable(PreferenceVariables.Names[i], _values[i]);
        }

        if (HasOtherDefaults(other))
        {
            yield return new PSVariable(PreferenceVariables.DefaultParameters, new DefaultParameterDictionary());
        }
    }

    private int NextDifference(PreferenceScope other, int from)
    {
        while (from < _values.Length && Equals(_values[from], other[from]))
        {
            from++;
        }

        return from;
    }

    // Where there are own ones, the task has a table of its own.
    private bool HasOtherDefaults(PreferenceScope other) => _defaultParameters is null && other.DefaultParameters is not null;
}
