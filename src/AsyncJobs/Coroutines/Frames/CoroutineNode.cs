namespace AsyncJobs.Coroutines.Frames;

/// <summary>A piece of a compiled coroutine. Immutable once compiled, and shared by all its tasks; what changes is in the frame.</summary>
internal abstract class CoroutineNode
{
    /// <summary>What the node is, in one line, without its parts.</summary>
    protected internal abstract string Text { get; }

    public abstract ValueTask<Flow> RunAsync(CoroutineFrame frame);

    /// <summary>Shows the parts of the node in their order.</summary>
    public virtual void Accept(NodeVisitor visitor)
    {
    }

    /// <inheritdoc/>
    public override string ToString() => ProgramText.Of(this);
}
