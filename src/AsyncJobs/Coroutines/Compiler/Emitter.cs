using System.Diagnostics;

namespace AsyncJobs.Coroutines.Compiler;

/// <summary>
/// The last pass: native statements that follow each other go together into one segment, and lists within lists become
/// one. A statement that the engine does by itself stays so at the ends of a segment; inside one it costs nothing.
/// What changes its scope stands alone.
/// </summary>
internal sealed class Emitter : NodeVisitor
{
    /// <inheritdoc/>
    public override void Part(string role, ref CoroutineNode? part)
    {
        part?.Accept(this);
        if (part is SequenceNode sequence)
        {
            List<CoroutineNode> nodes = [.. Joined(sequence.Nodes).SelectMany(static node => node is SequenceNode inner ? inner.Nodes : [node])];
            part = nodes.Count == 1 ? nodes[0] : new SequenceNode([.. nodes]);
        }

        Debug.Assert(part is not FastPathNode { Native: FastPathNode }, "A statement is optimized once.");
    }

    private static List<CoroutineNode> Joined(IReadOnlyList<CoroutineNode> nodes)
    {
        var joined = new List<CoroutineNode>();
        var run = new List<CoroutineNode>();
        foreach (CoroutineNode node in nodes)
        {
            NativeNode? native = NativeOf(node);
            bool hasEffects = native is not null && native.Segment.Effects != ScopeEffect.None;
            if (hasEffects)
            {
                End();
            }

            run.Add(node);
            if (hasEffects || native is not { MayBeFollowed: true })
            {
                End();
            }
        }

        End();
        return joined;

        void End()
        {
            joined.AddRange(Join(run));
            run.Clear();
        }
    }

    private static CoroutineNode[] Join(List<CoroutineNode> run)
    {
        int first = run.FindIndex(static node => node is NativeNode { Statement: not null });
        int last = run.FindLastIndex(static node => node is NativeNode { Statement: not null });
        if (first == last)
        {
            return [.. run];
        }

        IEnumerable<StatementAst> statements = run.Skip(first).Take(last + 1 - first).SelectMany(static node => NativeOf(node)!.Segment.Statements);
        return [.. run.Take(first), new NativeNode(NativeOf(run[first])!.Segment.With([.. statements])), .. run.Skip(last + 1)];
    }

    /// <summary>A statement as PowerShell runs it; null for what is none.</summary>
    private static NativeNode? NativeOf(CoroutineNode node) => (node is FastPathNode fast ? fast.Native : node) as NativeNode is { Statement: not null } native ? native : null;
}
