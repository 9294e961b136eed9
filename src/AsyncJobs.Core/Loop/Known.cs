using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Loop;

/// <summary>Objects of one kind that an instrument looks at when it is asked, as long as somebody else holds them. From any thread.</summary>
/// <typeparam name="T">Their type.</typeparam>
internal sealed class Known<T>
    where T : class
{
    private readonly ConditionalWeakTable<T, object?> _items = [];

    public void Add(T item) => _items.Add(item, null);

    public IEnumerable<T> All => _items.Select(static pair => pair.Key);
}
