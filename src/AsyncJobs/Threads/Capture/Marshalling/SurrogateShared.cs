using System.Collections;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// A collection that threads share, or that has been given more items since the command began: a task gets the
/// collection itself, since others fill it, and so nothing in it can be made anew.
/// </summary>
/// <param name="collection">The collection.</param>
/// <param name="from">The first item that is new.</param>
/// <param name="isFilled">Whether others fill it while tasks are started: script in what they put there is of no concern to the start.</param>
internal sealed class SurrogateShared(IEnumerable collection, int from, bool isFilled) : Surrogate(collection)
{
    /// <inheritdoc/>
    public override string? Obstacle => $"it holds script of this session in a {collection.GetType().Name} that threads share. "
        + "Put the script into a table or list that is complete before the tasks start";

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        Surrogate? whole = isFilled ? null : this;
        if (collection is IDictionary table)
        {
            foreach (DictionaryEntry entry in LiveItems.Read(table))
            {
                marshaller.Part(whole, entry.Value);
            }
        }
        else
        {
            marshaller.Parts(whole, collection, from);
        }
    }

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival) => collection;
}
