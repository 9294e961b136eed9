using System.Management.Automation;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Statements that neither suspend nor jump.</summary>
/// <param name="segment">The statements.</param>
/// <param name="variable">A variable of ours that they set: it must be in the scope before, to be there after.</param>
internal sealed class NativeNode(Segment segment, string? variable = null) : CoroutineNode
{
    public override void Accept(NodeVisitor visitor) => visitor.Node($"run {segment}");

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        if (variable is not null)
        {
            frame.Variable(variable).Value = null;
        }

        try
        {
            segment.Run(frame);
        }
        catch (FlowControlException jump) when (Flow.OfJump(jump) is { } flow)
        {
            // A break in a called block or function, which looks for its loop here: the call did not fail.
            frame.NoteSuccess(true);
            return new ValueTask<Flow>(flow);
        }

        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>One after the other: statements of a list, or parts of a statement.</summary>
internal sealed class SequenceNode(CoroutineNode[] nodes) : CoroutineNode
{
    public override void Accept(NodeVisitor visitor)
    {
        visitor.Node("sequence");
        for (int i = 0; i < nodes.Length; i++)
        {
            visitor.Part(string.Empty, ref nodes[i]);
        }
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        foreach (CoroutineNode node in nodes)
        {
            Flow flow = await node.RunAsync(frame).ConfigureAwait(false);
            if (!flow.IsNext)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}

/// <summary>break, continue, and return once its value is written.</summary>
internal sealed class JumpNode(Flow flow) : CoroutineNode
{
    public override void Accept(NodeVisitor visitor) => visitor.Node($"{flow.Kind} {flow.Label}".TrimEnd().ToLowerInvariant());

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => new(flow);
}

/// <summary>break and continue to a label that was computed into a variable.</summary>
internal sealed class LabelledJumpNode(FlowKind kind, string variable) : CoroutineNode
{
    public override void Accept(NodeVisitor visitor) => visitor.Node($"{kind} {SourceText.OfVariable(variable)}".ToLowerInvariant());

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        new(new Flow(kind, LanguagePrimitives.ConvertTo<string>(frame.Variable(variable).Value)));
}

/// <summary>Makes <c>$?</c> true.</summary>
internal sealed class SuccessNode : CoroutineNode
{
    public override void Accept(NodeVisitor visitor) => visitor.Node("$? is true");

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Nothing.</summary>
internal sealed class EmptyNode : CoroutineNode
{
    public override void Accept(NodeVisitor visitor) => visitor.Node("nothing");

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => new(Flow.Next);
}
