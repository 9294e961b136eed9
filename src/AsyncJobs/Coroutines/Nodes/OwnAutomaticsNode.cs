namespace AsyncJobs.Coroutines.Nodes;

/// <summary>A block that is a part of the coroutine, and that looks at what is a block's own: <c>$args</c>, <c>$_</c> where it assigns it, <c>$MyInvocation</c>.</summary>
/// <param name="body">The block's statements.</param>
/// <param name="invocation">The block's <c>$MyInvocation</c>; null where nobody looks at it.</param>
internal sealed class OwnAutomaticsNode(CoroutineNode body, InvocationValue? invocation) : CoroutineNode
{
    protected internal override string Text => "own automatic variables";

    public override void Accept(NodeVisitor visitor) => visitor.Part(string.Empty, ref body);

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        using ScopeExit leave = invocation?.Enter(frame) ?? default;
        using ScopeExit restore = frame.Calls.EnterBlock();
        return await body.RunAsync(frame).ConfigureAwait(false);
    }
}
