namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Use-AsyncSemaphore and its kind: enter, the body in the coroutine's own scope, leave.</summary>
/// <param name="direct">The command without the cmdlet; null where it has to run.</param>
/// <param name="enter">Runs the command up to its request.</param>
/// <param name="body">The statements of its block.</param>
/// <param name="resume">Writes what came of entering, and of leaving.</param>
internal sealed class BodyNode(ICmdletIntrinsic? direct, Segment enter, CoroutineNode body, Resumption resume) : CoroutineNode
{
    public override void Accept(NodeVisitor visitor)
    {
        visitor.Node($"{(direct is null ? "" : "INTRINSIC ")}enter {enter}");
        visitor.Part(string.Empty, ref body);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        WaitRequest? wait = null;
        if (direct?.TryBegin(frame, out wait) != true)
        {
            wait = enter.Ask(frame);
        }

        if (wait is null)
        {
            return Flow.Next;
        }

        if (wait.Group is { } run)
        {
            return await GroupBody.RunAsync(frame, run, body, resume).ConfigureAwait(false);
        }

        wait = await AwaitNode.WaitAsync(frame, wait, resume).ConfigureAwait(false);
        resume.Finish(frame, wait);
        try
        {
            Flow flow = await body.RunAsync(frame).ConfigureAwait(false);
            return flow.Kind == FlowKind.Return ? Flow.Next : flow;
        }
        finally
        {
            resume.Exit(frame, wait);
        }
    }
}
