namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>Takes objects until there are enough, and then has the stages before it jump out of what they do.</summary>
/// <param name="output">Gets the objects.</param>
/// <param name="count">How many are enough.</param>
internal sealed class StageLimit(List<object?> output, int count) : IStageTarget
{
    private int _taken;

    /// <summary>Whether there are enough.</summary>
    public bool IsReached => _taken >= count;

    /// <inheritdoc/>
    public ValueTask<Flow> ProcessAsync(CoroutineFrame frame, object? item, EnclosingPlace place)
    {
        // As Select-Object does, which takes nothing for no object.
        if (item is null)
        {
            return new(Flow.Next);
        }

        output.Add(item);
        _taken++;
        return new(IsReached ? new Flow(FlowKind.Enough) : Flow.Next);
    }
}
