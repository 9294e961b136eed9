namespace AsyncJobs.Coroutines.Frames;

/// <summary>Who calls a function that runs as a part of a coroutine.</summary>
/// <param name="frame">The caller's.</param>
/// <param name="place">The call.</param>
internal sealed class CallerFrame(CoroutineFrame frame, IEnclosingPlace place)
{
    public CoroutineFrame Frame => frame;

    /// <summary>How many calls are within each other.</summary>
    public int Depth { get; } = (frame.Caller?.Depth ?? 0) + 1;

    /// <summary>Runs a native step of the function within the caller's frame: its scope, and its place in stack traces, are around the step.</summary>
    public void Run(Action step, ScopeEffect effects) => frame.Steps.RunAround(place, step, effects);
}
