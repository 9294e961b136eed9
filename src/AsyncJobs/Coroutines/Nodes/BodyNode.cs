using System.Runtime.ExceptionServices;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Use-AsyncSemaphore and its kind: enter, the body in the coroutine's own scope, leave.</summary>
/// <param name="enter">Runs the command up to its request.</param>
/// <param name="body">The statements of its block.</param>
/// <param name="resume">Writes what came of entering, and of leaving.</param>
internal sealed class BodyNode(Segment enter, CoroutineNode body, Resumption resume) : CoroutineNode
{
    /// <summary>The command, where its arguments stand in it as the script has them.</summary>
    public CommandAst? Command { get; init; }

    /// <summary>The command without the cmdlet; null where it has to run.</summary>
    public ICmdletIntrinsic? Intrinsic { get; set; }

    protected internal override string Text => $"{(Intrinsic is null ? "" : "INTRINSIC ")}enter {enter}";

    public override void Accept(NodeVisitor visitor) => visitor.Part(string.Empty, ref body);

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        WaitRequest? wait = null;
        if (Intrinsic?.TryBegin(frame, out wait) != true)
        {
            wait = enter.Ask(frame);
        }

        if (wait is null)
        {
            return Flow.Next;
        }

        using WaitProgress? progress = wait.Progress;
        progress?.Watch((object?)wait.Group?.Group ?? wait.For, wait.Limit);
        if (wait.Group is { } run)
        {
            return await GroupBody.RunAsync(frame, run, body, resume).ConfigureAwait(false);
        }

        wait = await AwaitNode.WaitAsync(frame, wait, resume).ConfigureAwait(false);
        progress?.Dispose();
        resume.Finish(frame, wait);
        return await RunBodyAsync(frame, wait).ConfigureAwait(false);
    }

    private async ValueTask<Flow> RunBodyAsync(CoroutineFrame frame, WaitRequest entered)
    {
        Flow flow = Flow.Next;
        Exception? failure = null;
        (object?, bool) underscore = frame.UnderscoreState;
        frame.UnderscoreState = entered.Item is { } item ? (item(), false) : underscore;
        try
        {
            flow = await body.RunAsync(frame).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        frame.UnderscoreState = underscore;
        if (resume.Exit(frame, entered, flow.Kind == FlowKind.Exit ? new OperationCanceledException() : failure) is { } leaving)
        {
            await frame.LeaveStoppedStepAsync(failure).ConfigureAwait(false);
            leaving = await AwaitNode.WaitAsync(frame, leaving, resume).ConfigureAwait(false);
            if (failure is null)
            {
                resume.Finish(frame, leaving);
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return flow.Kind == FlowKind.Return ? Flow.Next : flow;
    }
}
