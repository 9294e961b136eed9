namespace AsyncJobs.Threads.Capture;

/// <summary>A copy of an array that holds what must be made anew.</summary>
/// <param name="elementType">What the array is of.</param>
internal sealed class SurrogateArray(Type elementType) : Surrogate
{
    /// <summary>The elements, some of them on their way.</summary>
    public List<object?> Items { get; } = [];

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        var copy = Array.CreateInstance(elementType, Items.Count);
        arrival.Note(this, copy);
        for (int i = 0; i < Items.Count; i++)
        {
            copy.SetValue(arrival.Of(Items[i]), i);
        }

        return copy;
    }
}
