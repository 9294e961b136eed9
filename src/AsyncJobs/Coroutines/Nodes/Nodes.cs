namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Statements that neither suspend nor jump.</summary>
/// <param name="segment">The statements.</param>
/// <param name="variable">A variable of ours that they set: it must be in the scope before, to be there after.</param>
internal sealed class NativeNode(Segment segment, string? variable = null) : CoroutineNode
{
    public Segment Segment => segment;

    public string? Variable => variable;

    /// <summary>The statement that it is, as the script has it or would; null for what is only a step of one.</summary>
    public StatementAst? Statement { get; init; }

    /// <summary>Whether the statement behind it, too, may run in its segment.</summary>
    public bool MayBeFollowed { get; init; }

    protected internal override string Text => $"run {segment}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        if (variable is not null)
        {
            frame.Variables[variable].Value = null;
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
    public IReadOnlyList<CoroutineNode> Nodes => nodes;

    protected internal override string Text => "sequence";

    public override void Accept(NodeVisitor visitor)
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            visitor.Part(string.Empty, ref nodes[i]);
        }
    }

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            ValueTask<Flow> running = nodes[i].RunAsync(frame);
            if (!running.IsCompletedSuccessfully)
            {
                return i == nodes.Length - 1 ? running : GoOnAsync(frame, running, i + 1);
            }

            if (running.Result is { IsNext: false } jump)
            {
                return new ValueTask<Flow>(jump);
            }
        }

        return new ValueTask<Flow>(Flow.Next);
    }

    private async ValueTask<Flow> GoOnAsync(CoroutineFrame frame, ValueTask<Flow> running, int next)
    {
        while (true)
        {
            Flow flow = await running.ConfigureAwait(false);
            if (!flow.IsNext || next == nodes.Length)
            {
                return flow;
            }

            running = nodes[next++].RunAsync(frame);
        }
    }
}

/// <summary>break, continue, and return once its value is written.</summary>
internal sealed class JumpNode(Flow flow) : CoroutineNode
{
    protected internal override string Text => $"{flow.Kind} {flow.Label}".TrimEnd().ToLowerInvariant();

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => new(flow);
}

/// <summary>break and continue to a label that was computed into a variable.</summary>
internal sealed class LabelledJumpNode(FlowKind kind, string variable) : CoroutineNode
{
    protected internal override string Text => $"{kind} {SourceText.OfVariable(variable)}".ToLowerInvariant();

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        new(new Flow(kind, LanguagePrimitives.ConvertTo<string>(frame.Variables[variable].Value)));
}

/// <summary>Makes <c>$?</c> true.</summary>
internal sealed class SuccessNode : CoroutineNode
{
    protected internal override string Text => "$? is true";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Nothing.</summary>
internal sealed class EmptyNode : CoroutineNode
{
    protected internal override string Text => "nothing";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => new(Flow.Next);
}
