namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>
/// ForEach-Object with other commands behind it, which get all that it writes. Where it is cut short, they do not come to
/// their ends either.
/// </summary>
/// <param name="each">It.</param>
/// <param name="variable">Holds what it writes.</param>
/// <param name="rest">The commands behind it.</param>
internal sealed class ForEachBeforeRestNode(ForEachPipelineNode each, string variable, CoroutineNode rest) : CoroutineNode
{
    private readonly CaptureNode _capture = new(each, variable, asArray: true);

    protected internal override string Text => $"{SourceText.OfVariable(variable)} = written for the rest";

    public override void Accept(NodeVisitor visitor)
    {
        _capture.ShowPart(visitor);
        visitor.Part("rest", ref rest);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        var written = new List<object?>();
        Flow flow;
        try
        {
            flow = await _capture.RunAsync(frame, written).ConfigureAwait(false);
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException && written.Count > 0)
        {
            frame.Variables[variable].Value = new InterruptedItems(written, () => throw error);
            return await rest.RunAsync(frame).ConfigureAwait(false);
        }

        if (flow.IsNext)
        {
            return await rest.RunAsync(frame).ConfigureAwait(false);
        }

        frame.Variables[variable].Value = new InterruptedItems(written, InterruptedItems.Jump);
        try
        {
            await rest.RunAsync(frame).ConfigureAwait(false);
        }
        catch (FlowControlException)
        {
            // The jump, out of a command that suspends.
        }

        return flow;
    }
}
