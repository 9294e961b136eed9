namespace AsyncJobs.Coroutines.Frames;

/// <summary>A piece of a compiled coroutine. Immutable once compiled, and shared by all its tasks; what changes is in the frame.</summary>
internal abstract class CoroutineNode
{
    public abstract ValueTask<Flow> RunAsync(CoroutineFrame frame);

    /// <summary>Tells what the node is, and shows its parts in their order.</summary>
    public abstract void Accept(NodeVisitor visitor);

    /// <inheritdoc/>
    public override string ToString() => ProgramText.Of(this);
}
