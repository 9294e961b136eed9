using System.Collections;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>Reads collections that other threads may be changing at the same time.</summary>
internal static class LiveItems
{
    private const int MostTries = 20;

    /// <summary>The items from a place on; those of a list are read one by one, so that a change does no harm.</summary>
    public static object?[] Read(IEnumerable collection, int from = 0)
    {
        if (collection is not IList list || collection is Array)
        {
            return [.. Attempt(() => collection.Cast<object?>().Skip(from).ToArray())];
        }

        var items = new List<object?>(Math.Max(0, list.Count - from));
        try
        {
            for (int i = from; i < list.Count; i++)
            {
                items.Add(list[i]);
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            // It has become shorter in this instant.
        }

        return [.. items];
    }

    /// <summary>The entries of a table.</summary>
    public static DictionaryEntry[] Read(IDictionary table)
    {
        return Attempt(() =>
        {
            var entries = new List<DictionaryEntry>(table.Count);
            IDictionaryEnumerator enumerator = table.GetEnumerator();
            while (enumerator.MoveNext())
            {
                entries.Add(enumerator.Entry);
            }

            return entries.ToArray();
        });
    }

    /// <summary>How many items there are now; -1 for a collection that does not say.</summary>
    public static int CountOf(object collection) => collection is ICollection counted ? counted.Count : -1;

    /// <summary>Reads again where another thread has changed the collection meanwhile; after so many changes nothing, as of one that is shared.</summary>
    private static T[] Attempt<T>(Func<T[]> read)
    {
        for (int i = 0; i < MostTries; i++)
        {
            try
            {
                return read();
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or NullReferenceException or IndexOutOfRangeException)
            {
                Thread.Yield();
            }
        }

        return [];
    }
}
