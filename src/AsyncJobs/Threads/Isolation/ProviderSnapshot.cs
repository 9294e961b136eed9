namespace AsyncJobs.Threads.Isolation;

/// <summary>
/// The functions or aliases of a worker's runspace as they were when it was new, and how to get back there. A table
/// read whole through its provider costs microseconds; asking item by item would not.
/// </summary>
/// <param name="drive">The provider's drive.</param>
/// <param name="nameOf">An item's name.</param>
/// <param name="definitionOf">What an item stands for; another object once it is redefined.</param>
/// <param name="moduleOf">The module that it came with.</param>
internal sealed class ProviderSnapshot<T>(
    string drive, Func<T, string> nameOf, Func<T, object?> definitionOf, Func<T, PSModuleInfo?> moduleOf)
    where T : class
{
    private readonly Dictionary<string, (T Item, object? Definition)> _items = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes what is there now for what should be.</summary>
    public void Accept(SessionState state)
    {
        _items.Clear();
        foreach (T item in Read(state))
        {
            _items[nameOf(item)] = (item, definitionOf(item));
        }
    }

    /// <summary>Removes what has been added; what a module brought stays with it.</summary>
    /// <returns>False if something is gone or redefined, or came with a module that no other task would find.</returns>
    public bool TryRestore(SessionState state)
    {
        int known = 0;
        List<T>? added = null;
        foreach (T item in Read(state))
        {
            if (!_items.TryGetValue(nameOf(item), out (T Item, object? Definition) was))
            {
                (added ??= []).Add(item);
            }
            else if (ReferenceEquals(was.Item, item) && Equals(was.Definition, definitionOf(item)))
            {
                known++;
            }
        }

        return known == _items.Count && (added is null || added.TrueForAll(item => TrySettle(state, item)));
    }

    private IEnumerable<T> Read(SessionState state) => (IEnumerable<T>)state.InvokeProvider.Item.Get(drive)[0].BaseObject;

    private bool TrySettle(SessionState state, T item)
    {
        if (moduleOf(item) is { } module)
        {
            _items[nameOf(item)] = (item, definitionOf(item));
            return ModulePath.IsFoundByName(module);
        }

        state.InvokeProvider.Item.Remove([drive + WildcardPattern.Escape(nameOf(item))], recurse: false, force: true, literalPath: false);
        return true;
    }
}
