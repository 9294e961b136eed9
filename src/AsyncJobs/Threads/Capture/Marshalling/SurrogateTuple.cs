using System.Collections;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>A tuple, or the pair of key and value that an entry of a table is.</summary>
/// <param name="tuple">The tuple.</param>
internal sealed class SurrogateTuple(object tuple) : Surrogate(tuple)
{
    private object?[] _items = [];

    /// <summary>One with more than seven items holds the rest in another.</summary>
    public override string? Obstacle => _items.Length > 7 ? "it holds script of this session in a tuple of more than seven items" : null;

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        object?[] items = Original switch
        {
            ITuple several => [.. Enumerable.Range(0, several.Length).Select(i => several[i])],
            DictionaryEntry entry => [entry.Key, entry.Value],
            _ => [Read("Key"), Read("Value")],
        };
        _items = Array.ConvertAll(items, item => marshaller.Part(this, item));
    }

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival) => Obstacle is not null
        ? Original
        : Activator.CreateInstance(Original.GetType(), Array.ConvertAll(_items, arrival.Of))!;

    private object? Read(string name) => Original.GetType().GetProperty(name)!.GetValue(Original);
}
