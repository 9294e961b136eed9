namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Something whose other streams than the output are redirected.</summary>
/// <param name="inner">What that is.</param>
/// <param name="open">Begins the files; null where there are none.</param>
/// <param name="steps">Runs its steps with the redirection.</param>
/// <param name="close">Takes what is merged, from a variable of ours; null where that is output.</param>
internal sealed class RedirectedNode(CoroutineNode inner, CoroutineNode? open, RedirectedSteps steps, (string Variable, CoroutineNode Node)? close = null) : CoroutineNode
{
    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        if (open is not null)
        {
            await open.RunAsync(frame).ConfigureAwait(false);
        }

        EnclosingFrame? outer = frame.Enclosing;
        List<object?> merged = close is null ? frame.Output : [];
        frame.Enclosing = new EnclosingFrame(steps.Into(merged), outer);
        try
        {
            return await inner.RunAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            frame.Enclosing = outer;
            if (close is { } end)
            {
                frame.Variable(end.Variable).Value = merged.ToArray();
                await end.Node.RunAsync(frame).ConfigureAwait(false);
            }
        }
    }
}
