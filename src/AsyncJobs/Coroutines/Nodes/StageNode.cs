namespace AsyncJobs.Coroutines.Nodes;

/// <summary>
/// The part of a pipeline up to a command that suspends: what it wrote goes to a variable, for the commands behind it.
/// An error comes to them after that, as it would if they ran at the same time.
/// </summary>
internal sealed class StageNode(CoroutineNode inner, string variable) : CoroutineNode
{
    private readonly CaptureNode _capture = new(inner, variable, asArray: true);

    protected internal override string Text => $"{SourceText.OfVariable(variable)} = written by the stage";

    public override void Accept(NodeVisitor visitor) => _capture.ShowPart(visitor);

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        var written = new List<object?>();
        try
        {
            return await _capture.RunAsync(frame, written).ConfigureAwait(false);
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException && written.Count > 0)
        {
            frame.Variables[variable].Value = new InterruptedItems(written, () => throw error);
            return Flow.Next;
        }
    }
}
