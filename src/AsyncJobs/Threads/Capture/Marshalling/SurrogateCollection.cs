using System.Collections;
using System.Collections.Specialized;
using System.Reflection;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>A list, table, queue or set of .NET's own, with its way of comparing.</summary>
/// <param name="collection">The collection.</param>
internal sealed class SurrogateCollection(IEnumerable collection) : Surrogate(collection)
{
    private static readonly string[] Adders = ["Add", "Enqueue", "Push", "AddLast"];

    private readonly Type _type = collection.GetType();
    private object?[] _keys = [];
    private object?[] _items = [];

    // What makes one that is empty, and what adds to it; null where it cannot be made so.
    private Func<object>? _create;
    private MethodInfo? _adder;

    /// <summary>Whether it can be copied is found out when it has to be.</summary>
    public override string? Obstacle => !TryPrepare() ? $"a {_type.Name} cannot be copied, and it holds script of this session" : null;

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        if (collection is IDictionary table)
        {
            DictionaryEntry[] entries = LiveItems.Read(table);
            _keys = Array.ConvertAll(entries, static entry => (object?)entry.Key);
            _items = Array.ConvertAll(entries, entry => marshaller.Part(this, entry.Value));
        }
        else
        {
            _items = marshaller.Parts(this, collection);
        }
    }

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        if (!TryPrepare())
        {
            return collection;
        }

        object copy = _create!();
        arrival.Note(this, copy);
        if (copy is IDictionary table)
        {
            for (int i = 0; i < _items.Length; i++)
            {
                table[_keys[i]!] = arrival.Of(_items[i]);
            }

            return copy;
        }

        // A stack enumerates what was put there last before all else.
        foreach (object? item in _adder?.Name == "Push" ? _items.AsEnumerable().Reverse() : _items)
        {
            object? arrived = arrival.Of(item);
            if (copy is IList list)
            {
                list.Add(arrived);
            }
            else
            {
                _adder!.Invoke(copy, [arrived]);
            }
        }

        return copy;
    }

    private bool TryPrepare()
    {
        bool addsByItself = collection is IDictionary or IList;
        _adder ??= addsByItself ? null : Adders.Select(AdderOf).FirstOrDefault(static method => method is not null);
        _create ??= addsByItself || _adder is not null ? CreatorOf(collection, _type) : null;
        return _create is not null;
    }

    private MethodInfo? AdderOf(string name) =>
        _type.GetMethods().FirstOrDefault(method => method.Name == name && method.GetParameters() is [{ ParameterType: var item }]
            && (!item.IsClass || item.Namespace != "System.Collections.Generic" || !item.Name.StartsWith("LinkedListNode", StringComparison.Ordinal)));

    private static Func<object>? CreatorOf(IEnumerable original, Type type)
    {
        if (original is Hashtable hashtable && type == typeof(Hashtable))
        {
            // It does not say how it compares, and its copy compares so, too.
            var empty = (Hashtable)hashtable.Clone();
            empty.Clear();
            return () => empty.Clone();
        }

        if (original is OrderedDictionary ordered)
        {
            StringComparer? comparer = ordered.IsReadOnly || IgnoresCase(ordered) ? StringComparer.CurrentCultureIgnoreCase : null;
            return () => new OrderedDictionary(comparer);
        }

        if (type.GetProperty("Comparer") is { } compares)
        {
            object? comparer = compares.GetValue(original);
            return type.GetConstructor([compares.PropertyType]) is { } constructor ? () => constructor.Invoke([comparer]) : null;
        }

        return type.GetConstructor(Type.EmptyTypes) is { } simple && original is not IList { IsFixedSize: true } and not IList { IsReadOnly: true }
            ? () => simple.Invoke(null)
            : null;
    }

    // An ordered table does not say how it compares, but [ordered]@{} ignores case and a new one does not.
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
