using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A piece of a compiled coroutine. Immutable, and shared by all its tasks; what changes is in the frame.</summary>
internal abstract class CoroutineNode
{
    public abstract ValueTask<Flow> RunAsync(CoroutineFrame frame);
}

/// <summary>Statements that neither suspend nor jump.</summary>
/// <param name="segment">The statements.</param>
/// <param name="variable">A variable of ours that they set: it must be in the scope before, to be there after.</param>
internal sealed class NativeNode(Segment segment, string? variable = null) : CoroutineNode
{
    // What a variable holds until it is set.
    private static readonly object Unset = new();

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        // Where no try stands around a part, an error in it is PowerShell's to report, and what tells of it is that
        // nothing was set, or that its last command did not come to its end.
        bool reports = segment.IsPart && variable is not null && !frame.IsGuarded;
        if (variable is not null)
        {
            frame.Variable(variable).Value = reports ? Unset : null;
        }

        try
        {
            if (variable is null)
            {
                segment.RunToEnd(frame);
            }
            else
            {
                segment.Run(frame);
            }
        }
        catch (FlowControlException jump) when (Modern.JumpOf(jump) is { } flow)
        {
            // A break in a called block or function, which looks for its loop here: the call did not fail.
            frame.NoteSuccess(true);
            return new ValueTask<Flow>(flow);
        }

        return reports && ReferenceEquals(frame.Variable(variable!).Value, Unset)
            ? throw new StatementEndedException()
            : new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>
/// A list of statements. An error that ends only its statement ends here, as in PowerShell's own lists: it is reported,
/// and the next statement runs.
/// </summary>
/// <param name="statements">Each with what has PowerShell judge its error by the preferences that hold there; null for native ones, which do so themselves.</param>
internal sealed class StatementsNode((CoroutineNode Node, Segment? Report)[] statements) : CoroutineNode
{
    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        List<object?> output = frame.Output;
        foreach ((CoroutineNode node, Segment? report) in statements)
        {
            Flow flow;
            try
            {
                flow = await node.RunAsync(frame).ConfigureAwait(false);
            }
            catch (RuntimeException error) when (report is not null && frame.MayEndStatement(error))
            {
                frame.Output = output;
                frame.Report(report, error);
                continue;
            }
            catch (StatementEndedException)
            {
                frame.Output = output;
                frame.NoteSuccess(false);
                continue;
            }

            if (!flow.IsNext)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}

/// <summary>One after the other, within a statement.</summary>
internal sealed class SequenceNode(CoroutineNode[] nodes) : CoroutineNode
{
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
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => new(flow);
}

/// <summary>break and continue to a label that was computed into a variable.</summary>
internal sealed class LabelledJumpNode(FlowKind kind, string variable) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        new(new Flow(kind, LanguagePrimitives.ConvertTo<string>(frame.Variable(variable).Value)));
}

/// <summary>Makes <c>$?</c> true.</summary>
internal sealed class SuccessNode : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Nothing.</summary>
internal sealed class EmptyNode : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => new(Flow.Next);
}
