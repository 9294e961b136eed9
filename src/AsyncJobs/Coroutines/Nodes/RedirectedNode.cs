namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Something whose other streams than the output are redirected.</summary>
/// <param name="inner">What that is.</param>
/// <param name="open">Begins the files; null where there are none.</param>
/// <param name="steps">Runs its steps with the redirection.</param>
/// <param name="merged">The variable of ours that gets what is merged; null where that is output.</param>
/// <param name="close">Takes it from there.</param>
internal sealed class RedirectedNode(CoroutineNode inner, CoroutineNode? open, RedirectedSteps steps, string? merged = null, CoroutineNode? close = null) : CoroutineNode
{
    protected internal override string Text => $"redirected {steps}";

    public override void Accept(NodeVisitor visitor)
    {
        visitor.Part("open", ref open);
        visitor.Part(string.Empty, ref inner);
        visitor.Part("close", ref close);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        if (open is not null)
        {
            await open.RunAsync(frame).ConfigureAwait(false);
        }

        EnclosingFrame? outer = frame.Steps.Enclosing;
        List<object?> output = merged is null ? frame.Output.Items : [];
        frame.Steps.Enclosing = new EnclosingFrame(steps.Into(output), outer);
        try
        {
            return await inner.RunAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            frame.Steps.Enclosing = outer;
            if (merged is not null && close is not null)
            {
                frame.Variables[merged].Value = output.ToArray();
                await close.RunAsync(frame).ConfigureAwait(false);
            }
        }
    }
}
