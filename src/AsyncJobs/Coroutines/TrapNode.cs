using System.Management.Automation;

namespace AsyncJobs;

/// <summary>One trap: its body, and the variables that the body assigns, which are its own.</summary>
internal sealed record TrapPart(CoroutineNode Body, IReadOnlyCollection<string> Assigned);

/// <summary>A list of statements with traps. An error of any of them is given to its trap, which says how to go on.</summary>
internal sealed class TrappedStatementsNode((CoroutineNode Node, Segment Find, Segment Report)[] statements, TrapPart[] traps) : CoroutineNode
{
    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        List<object?> output = frame.Output;
        foreach ((CoroutineNode node, Segment find, Segment report) in statements)
        {
            Flow flow;
            RuntimeException error;
            frame.GuardDepth++;
            try
            {
                flow = await node.RunAsync(frame).ConfigureAwait(false);
                if (!flow.IsNext)
                {
                    return flow;
                }

                continue;
            }
            catch (RuntimeException exception) when (exception is not PipelineStoppedException)
            {
                error = exception;
                frame.Output = output;
            }
            finally
            {
                frame.GuardDepth--;
            }

            flow = await HandleAsync(frame, error, find, report).ConfigureAwait(false);
            if (!flow.IsNext)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    private async ValueTask<Flow> HandleAsync(CoroutineFrame frame, RuntimeException error, Segment find, Segment report)
    {
        CaughtError caught = frame.Choose(find, error);
        TrapPart trap = traps[caught.Clause];
        Flow flow;
        (object? outer, RuntimeException? handled) = (frame.Underscore, frame.Handled);
        (frame.Underscore, frame.Handled) = (caught.Underscore, error);
        IReadOnlyList<PSVariable> hidden = frame.Hide(trap.Assigned);
        try
        {
            flow = await trap.Body.RunAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            frame.Unhide(hidden);
            (frame.Underscore, frame.Handled) = (outer, handled);
        }

        switch (flow.Kind)
        {
            case FlowKind.Continue:
                return Flow.Next;
            case FlowKind.Break:
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
                return default;
            case FlowKind.Next:
                frame.Report(report, error);
                return Flow.Next;
            default:
                return flow;
        }
    }
}
