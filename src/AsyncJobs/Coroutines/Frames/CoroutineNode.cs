namespace AsyncJobs.Coroutines.Frames;

/// <summary>A piece of a compiled coroutine. Immutable, and shared by all its tasks; what changes is in the frame.</summary>
internal abstract class CoroutineNode
{
    public abstract ValueTask<Flow> RunAsync(CoroutineFrame frame);
}
