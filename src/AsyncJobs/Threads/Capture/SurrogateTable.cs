using System.Collections;
using System.Collections.Specialized;

namespace AsyncJobs.Threads.Capture;

/// <summary>A copy of a table that holds what must be made anew.</summary>
/// <param name="snapshot">A copy already, with the caller's values.</param>
internal sealed class SurrogateTable(IDictionary snapshot) : Surrogate
{
    /// <summary>The values that are on their way, by key.</summary>
    public Dictionary<object, object?> Values { get; } = [];

    /// <summary>Copies a table; null for those of a kind that cannot be, or that threads share.</summary>
    public static IDictionary? CopyOf(IDictionary table) => table switch
    {
        Hashtable { IsSynchronized: false } hashtable when hashtable.GetType() == typeof(Hashtable) => (IDictionary)hashtable.Clone(),
        OrderedDictionary { IsReadOnly: false } ordered when ordered.GetType() == typeof(OrderedDictionary) => CopyOf(ordered),
        _ when table.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) =>
            (IDictionary)Activator.CreateInstance(type, table, type.GetProperty(nameof(Dictionary<int, int>.Comparer))!.GetValue(table))!,
        _ => null,
    };

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        IDictionary copy = CopyOf(snapshot)!;
        arrival.Note(this, copy);
        foreach ((object key, object? value) in Values)
        {
            copy[key] = arrival.Of(value);
        }

        return copy;
    }

    private static OrderedDictionary CopyOf(OrderedDictionary table)
    {
        var copy = new OrderedDictionary(IgnoresCase(table) ? StringComparer.CurrentCultureIgnoreCase : null);
        foreach (DictionaryEntry entry in table)
        {
            copy.Add(entry.Key, entry.Value);
        }

        return copy;
    }

    // It does not say how it compares, but [ordered]@{} ignores case and a new one does not.
    private static bool IgnoresCase(OrderedDictionary table)
    {
        foreach (object key in table.Keys)
        {
            if (key is string text && text.Any(char.IsLetter))
            {
                return table.Contains(text.ToUpperInvariant()) && table.Contains(text.ToLowerInvariant());
            }
        }

        return true;
    }
}
