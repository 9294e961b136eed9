using System.Collections;

namespace AsyncJobs.Threads.Capture;

/// <summary>A copy of a list that holds what must be made anew.</summary>
/// <param name="type">The list's.</param>
internal sealed class SurrogateList(Type type) : Surrogate
{
    /// <summary>The items, some of them on their way.</summary>
    public List<object?> Items { get; } = [];

    /// <summary>Whether a list can be copied so: those that threads share are not of these.</summary>
    public static bool Takes(IList list) =>
        list is ArrayList { IsSynchronized: false }
            || (list.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(List<>));

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        var copy = (IList)Activator.CreateInstance(type.IsGenericType ? type : typeof(ArrayList))!;
        arrival.Note(this, copy);
        foreach (object? item in Items)
        {
            copy.Add(arrival.Of(item));
        }

        return copy;
    }
}
