namespace AsyncJobs.Coroutines.Nodes;

/// <summary>A block that is dotted where it stands: statements as those around it, with a frame of their own in stack traces.</summary>
/// <param name="body">The block's statements.</param>
/// <param name="place">The call.</param>
/// <param name="invocation">The block's <c>$MyInvocation</c>; null where nobody looks at it.</param>
internal sealed class DottedBlockNode(CoroutineNode body, EnclosingPlace place, InvocationValue? invocation) : CoroutineNode
{
    protected internal override string Text => "dotted block";

    public override void Accept(NodeVisitor visitor) => visitor.Part(string.Empty, ref body);

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        (EnclosingFrame? outer, (object?, bool) underscore) = (frame.Steps.Enclosing, frame.UnderscoreState);
        using ScopeExit leave = invocation?.Enter(frame) ?? default;
        frame.Steps.Enclosing = new EnclosingFrame(place, outer);
        try
        {
            Flow flow = await body.RunAsync(frame).ConfigureAwait(false);
            frame.NoteSuccess(true);
            return flow.Kind == FlowKind.Return ? Flow.Next : flow;
        }
        finally
        {
            (frame.Steps.Enclosing, frame.UnderscoreState) = (outer, underscore);
        }
    }
}
