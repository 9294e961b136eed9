namespace AsyncJobs.Coroutines.Frames;

/// <summary>Where what a coroutine writes goes: the task's output, or a value that is being made.</summary>
/// <param name="Items">What gets it.</param>
/// <param name="IsValue">Whether that is a value that is being made.</param>
internal readonly record struct OutputTarget(List<object?> Items, bool IsValue)
{
    /// <summary>Writes what a step has written.</summary>
    public void Add(PSObject? written) => Items.Add(IsValue ? Unwrapped(written) : written);

    /// <summary>Writes what a cmdlet would.</summary>
    public void Write(object? value) => Items.Add(Wrapped(value));

    /// <summary>Writes what a future wrote, as the cmdlet would that awaits it.</summary>
    public void WriteOutputOf(Future future)
    {
        int from = Items.Count;
        future.AppendOutputTo(Items);
        for (int i = from; i < Items.Count; i++)
        {
            Items[i] = Wrapped(Items[i]);
        }
    }

    /// <summary>
    /// What has come out of a native step, as a value inside a script: out of a step it always comes wrapped, and a
    /// script's value is not, unless something has been added to it.
    /// </summary>
    public static object? Unwrapped(object? value) =>
        value is PSObject { BaseObject: var inner and not PSCustomObject } wrapped
        && (inner is not (ValueType or string) || wrapped.Properties.Match("*", PSMemberTypes.NoteProperty).Count == 0)
            ? inner
            : value;

    // What a cmdlet writes is wrapped, and a script may see whether its value is.
    private static PSObject? Wrapped(object? value) => value is null ? null : PSObject.AsPSObject(value);
}
