namespace AsyncJobs.Core.Synchronization;

/// <summary>
/// Who holds a semaphore's permits, of those who said so when they entered. Either all that are in here hold one, or it is
/// empty: when somebody else gives a permit back, whose it was is not known, and nobody is in here any more.
/// </summary>
/// <remarks>Guarded by the semaphore's lock.</remarks>
internal sealed class PermitHolders
{
    private readonly Dictionary<object, Permits> _permits = new(ReferenceEqualityComparer.Instance);
    private int _count;

    public void Add(object holder, object? place)
    {
        if (!_permits.TryGetValue(holder, out Permits? permits))
        {
            _permits[holder] = permits = new Permits();
        }

        permits.Shown = place ?? holder;
        permits.Count++;
        _count++;
    }

    public void Remove(object? holder)
    {
        if (_count == 0)
        {
            return;
        }

        if (holder is null || !_permits.TryGetValue(holder, out Permits? permits))
        {
            Clear();
            return;
        }

        _count--;
        if (--permits.Count == 0)
        {
            _permits.Remove(holder);
        }
    }

    /// <summary>
    /// Forgets all where more would hold a permit than there are taken: then the semaphore is one that some release and others
    /// enter, as a signal, and nobody is known to hold anything.
    /// </summary>
    public void Keep(int takenCount)
    {
        if (_count > takenCount)
        {
            Clear();
        }
    }

    /// <summary>What is shown of the holders, one for each permit.</summary>
    public object[] ToArray() => [.. _permits.Values.SelectMany(static permits => Enumerable.Repeat(permits.Shown!, permits.Count))];

    private void Clear()
    {
        _permits.Clear();
        _count = 0;
    }

    /// <summary>What one of them holds.</summary>
    private sealed class Permits
    {
        public object? Shown { get; set; }

        public int Count { get; set; }
    }
}
