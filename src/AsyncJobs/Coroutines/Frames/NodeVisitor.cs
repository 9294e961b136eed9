using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>
/// What goes through a program: to print it, to put other nodes in the place of some, or to look whether a pass of the
/// compiler has done what it promises. A node tells it what it is and shows its parts.
/// </summary>
internal abstract class NodeVisitor
{
    /// <summary>Says what a node is, before its parts.</summary>
    /// <param name="text">One line.</param>
    public virtual void Node(string text)
    {
    }

    /// <summary>Shows a part of the node.</summary>
    /// <param name="role">What it is to the node; empty where that is plain.</param>
    /// <param name="part">The part, in whose place the visitor may put another; null where there is none.</param>
    public abstract void Part(string role, [NotNullIfNotNull(nameof(part))] ref CoroutineNode? part);
}
