namespace AsyncJobs.Coroutines.Nodes;

/// <summary>One trap: its body, and the variables that the body assigns, which are its own.</summary>
/// <param name="body">The body.</param>
/// <param name="assigned">The variables.</param>
internal sealed class TrapPart(CoroutineNode body, IReadOnlyCollection<string> assigned)
{
    public CoroutineNode Body => body;

    public IReadOnlyCollection<string> Assigned => assigned;

    /// <summary>Shows the body.</summary>
    public void Accept(NodeVisitor visitor) => visitor.Part("trap", ref body);
}

/// <summary>A list of statements with traps. An error of any of them is given to its trap, which says how to go on.</summary>
/// <param name="statements">The statements, each with what handles its errors, and the variables that it assigns.</param>
/// <param name="traps">The traps.</param>
internal sealed class TrappedStatementsNode((CoroutineNode Node, TrapHandler Handler, IReadOnlyList<string> Assigned)[] statements, TrapPart[] traps) : CoroutineNode
{
    protected internal override string Text => "statements with traps";

    public override void Accept(NodeVisitor visitor)
    {
        for (int i = 0; i < statements.Length; i++)
        {
            visitor.Part(string.Empty, ref statements[i].Node);
        }

        foreach (TrapPart trap in traps)
        {
            trap.Accept(visitor);
        }
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        OutputTarget output = frame.Output;
        foreach ((CoroutineNode node, TrapHandler handler, IReadOnlyList<string> assigned) in statements)
        {
            Flow flow;
            RuntimeException error;
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

            flow = await handler.HandleAsync(frame, error).ConfigureAwait(false);
            if (!flow.IsNext)
            {
                return flow;
            }

            // A quirk to keep: PowerShell takes them for assigned, and no notice of any further out.
            foreach (string variable in assigned)
            {
                frame.Variables.Shed(variable);
            }
        }

        return Flow.Next;
    }
}

/// <summary>The traps of a list, for the errors of one of its statements.</summary>
/// <param name="traps">They; as many as there are in the list.</param>
/// <param name="find">Finds the one for an error; throws it if there is none.</param>
/// <param name="report">Reports an error whose trap has not said how to go on.</param>
internal sealed class TrapHandler(TrapPart[] traps, Segment find, Segment report)
{
    public async ValueTask<Flow> HandleAsync(CoroutineFrame frame, RuntimeException error)
    {
        CaughtError caught = frame.Errors.Choose(find, error);
        Flow flow = await RunAsync(frame, traps[caught.Clause], caught.Underscore).ConfigureAwait(false);
        frame.NoteSuccess(false);
        switch (flow.Kind)
        {
            case FlowKind.Continue:
                return Flow.Next;
            case FlowKind.Break:
                throw error;
            case FlowKind.Next:
                frame.Errors.Report(report, error);
                return Flow.Next;
            default:
                return flow;
        }
    }

    private static async ValueTask<Flow> RunAsync(CoroutineFrame frame, TrapPart trap, object? error)
    {
        object? outer = frame.Underscore;
        frame.Underscore = error;
        try
        {
            using ScopeExit leave = frame.Scope.EnterInner(trap.Assigned);
            return await trap.Body.RunAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            frame.Underscore = outer;
        }
    }
}
