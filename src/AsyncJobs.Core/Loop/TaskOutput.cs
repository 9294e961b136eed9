using System.Collections.ObjectModel;

namespace AsyncJobs;

/// <summary>
/// What a task wrote, object by object. A future that holds one value keeps the bare value instead, so this exists
/// only where there were none or several.
/// </summary>
public sealed class TaskOutput : ReadOnlyCollection<object?>
{
    /// <summary>Wraps a list that nobody changes any more.</summary>
    /// <param name="items">The objects in the order in which they were written.</param>
    public TaskOutput(IList<object?> items)
        : base(items)
    {
    }

    /// <summary>The output of work that wrote nothing; unlike <c>null</c>, which is one value.</summary>
    public static TaskOutput None { get; } = new([]);

    /// <summary>What assigning the output to a variable gives: <c>null</c>, the one object, or an array.</summary>
    public object? Collapse() => Count switch
    {
        0 => null,
        1 => this[0],
        _ => this.ToArray(),
    };
}
