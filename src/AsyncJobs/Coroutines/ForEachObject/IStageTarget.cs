namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>Where what a stage of a pipeline writes goes.</summary>
internal interface IStageTarget
{
    /// <summary>Handles one object.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="item">The object.</param>
    /// <param name="place">The statement that wrote it, in stack traces.</param>
    ValueTask<Flow> ProcessAsync(CoroutineFrame frame, object? item, EnclosingPlace place);
}
