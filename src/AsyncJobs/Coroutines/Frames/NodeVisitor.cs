using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>What goes through a program, whose nodes show it their parts: to print it, or to put other nodes in the place of some.</summary>
internal abstract class NodeVisitor
{
    /// <summary>Goes through a whole program.</summary>
    /// <returns>The program as it has become.</returns>
    public CoroutineNode Visit(CoroutineNode program)
    {
        Part(string.Empty, ref program!);
        return program;
    }

    /// <summary>Shows a part of a node.</summary>
    /// <param name="role">What it is to the node; empty where that is plain.</param>
    /// <param name="part">The part, in whose place the visitor may put another; null where there is none.</param>
    public abstract void Part(string role, [NotNullIfNotNull(nameof(part))] ref CoroutineNode? part);
}
