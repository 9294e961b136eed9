namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>An array, of any number of dimensions.</summary>
/// <param name="array">The array.</param>
internal sealed class SurrogateArray(Array array) : Surrogate(array)
{
    private object?[] _items = [];

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller) => _items = marshaller.Parts(this, array);

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        var copy = (Array)array.Clone();
        arrival.Note(this, copy);
        if (array.Rank == 1)
        {
            int first = array.GetLowerBound(0);
            for (int i = 0; i < _items.Length; i++)
            {
                copy.SetValue(arrival.Of(_items[i]), first + i);
            }

            return copy;
        }

        // In the order in which enumerating goes: the last dimension first.
        int[] at = [.. Enumerable.Range(0, array.Rank).Select(array.GetLowerBound)];
        foreach (object? item in _items)
        {
            copy.SetValue(arrival.Of(item), at);
            for (int dimension = at.Length - 1; dimension >= 0 && ++at[dimension] > array.GetUpperBound(dimension); dimension--)
            {
                at[dimension] = array.GetLowerBound(dimension);
            }
        }

        return copy;
    }
}
