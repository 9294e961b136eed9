using System.Collections;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// The collections in which one command's tasks have found no script, so that they are not looked through again for each
/// task, and the instances of classes that are the caller's.
/// </summary>
internal sealed class SeenValues
{
    // To look through a few items takes less than to know that it has been done.
    private const int Few = 8;
    private const int SmallTable = 64;

    private readonly Dictionary<object, int> _counts = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _instances = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a collection holds nothing that has not been seen.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="seen">How many of its items have been; null for none.</param>
    public bool Covers(IEnumerable collection, out int? seen)
    {
        if (!_counts.TryGetValue(collection, out int known))
        {
            seen = null;
            return false;
        }

        int count = LiveItems.CountOf(collection);
        seen = collection is IList && count > known ? known : 0;
        return known < 0 || count == known
            || (collection is not IList && count > SmallTable && count > known && count < known + (known / SmallTable * 8));
    }

    /// <summary>Notes that there is no script in a collection.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="isShared">Whether whatever is put there later does not count.</param>
    public void Add(IEnumerable collection, bool isShared)
    {
        int count = isShared ? -1 : LiveItems.CountOf(collection);
        if (isShared || count > Few || count < 0 || collection is not Array)
        {
            _counts[collection] = count;
        }
    }

    /// <summary>Notes an instance of a class as one of the caller's.</summary>
    public void AddInstance(object instance) => _instances.Add(instance);

    /// <summary>Whether an instance is the caller's.</summary>
    public bool IsOfCaller(object instance)
    {
        lock (_instances)
        {
            return _instances.Contains(instance);
        }
    }
}
