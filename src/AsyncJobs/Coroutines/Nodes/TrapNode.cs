using System.Management.Automation;

namespace AsyncJobs;

/// <summary>One trap: its body, and the variables that the body assigns, which are its own.</summary>
internal sealed record TrapPart(CoroutineNode Body, IReadOnlyCollection<string> Assigned);

/// <summary>A list of statements with traps. An error of any of them is given to its trap, which says how to go on.</summary>
internal sealed class TrappedStatementsNode((CoroutineNode Node, TrapHandler Handler)[] statements) : CoroutineNode
{
    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        List<object?> output = frame.Output;
        foreach ((CoroutineNode node, TrapHandler handler) in statements)
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

            flow = await handler.HandleAsync(frame, error).ConfigureAwait(false);
            if (!flow.IsNext)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}

/// <summary>The traps of a list, for the errors of one of its statements.</summary>
/// <param name="traps">They; as many as there are in the list.</param>
/// <param name="find">Finds the one for an error; throws it if there is none.</param>
/// <param name="report">Reports an error whose trap has not said how to go on.</param>
/// <param name="end">Throws an error whose trap has said break.</param>
internal sealed class TrapHandler(TrapPart[] traps, Segment find, Segment report, Segment end)
{
    public async ValueTask<Flow> HandleAsync(CoroutineFrame frame, RuntimeException error)
    {
        // What no trap takes, or what one ends, ends all that no other trap or try stands around.
        frame.Halting = error;
        CaughtError caught = frame.Choose(find, error);
        Flow flow = await RunAsync(frame, traps[caught.Clause], caught.Underscore).ConfigureAwait(false);
        frame.NoteSuccess(false);
        switch (flow.Kind)
        {
            case FlowKind.Continue:
                return Flow.Next;
            case FlowKind.Break:
                frame.Report(end, error, isKnown: true);
                throw error;
            case FlowKind.Next:
                frame.Report(report, error, isKnown: true);
                return Flow.Next;
            default:
                return flow;
        }
    }

    // A trap is within the reach of its own list, as a try: its own errors end it, and the list.
    private static async ValueTask<Flow> RunAsync(CoroutineFrame frame, TrapPart trap, object? error)
    {
        object? outer = frame.Underscore;
        frame.Underscore = error;
        Action leaveScope = frame.EnterScope(trap.Assigned);
        frame.GuardDepth++;
        try
        {
            return await trap.Body.RunAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            frame.GuardDepth--;
            leaveScope();
            frame.Underscore = outer;
        }
    }
}
