namespace AsyncJobs.Coroutines.Nodes;

/// <summary>The begin, process and end blocks of a coroutine, one after the other, each once; then its clean block.</summary>
/// <param name="blocks">Begin, process and end; null for those that are not there.</param>
/// <param name="clean">The statements of clean, which runs natively: what awaits there waits. Null where there is none.</param>
/// <param name="report">Has PowerShell report an error that ends the clean block.</param>
internal sealed class NamedBlocksNode(CoroutineNode?[] blocks, Segment? clean, Segment? report) : CoroutineNode
{
    private const int Process = 1;

    // Inside a clean block PowerShell knows of no try around it: an error ends its statement alone. What it writes nobody looks at.
    private static readonly ScriptBlock CleanBlock = ScriptFrame.Of("& { end { } clean { $null = @($__asyncJobsRun) } }");

    protected internal override string Text => $"blocks{(clean is null ? "" : $", clean {clean}")}";

    public override void Accept(NodeVisitor visitor)
    {
        for (int i = 0; i < blocks.Length; i++)
        {
            visitor.Part(string.Empty, ref blocks[i]);
        }
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        try
        {
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i] is not { } block)
                {
                    continue;
                }

                if (i == Process)
                {
                    frame.TakeNoInput();
                }

                Flow flow = await block.RunAsync(frame).ConfigureAwait(false);
                if (flow.Kind is not (FlowKind.Next or FlowKind.Return))
                {
                    return flow;
                }
            }

            return Flow.Next;
        }
        catch (PipelineStoppedException stop) when (clean is not null)
        {
            await frame.LeaveStoppedStepAsync(stop).ConfigureAwait(false);
            throw;
        }
        finally
        {
            Clean(frame);
        }
    }

    // PowerShell drops what a clean block writes, and only reports an error that ends it.
    private void Clean(CoroutineFrame frame)
    {
        if (clean is null)
        {
            return;
        }

        using OutputScope output = frame.WriteTo([], frame.Output.IsValue);
        try
        {
            ScriptFrame.Run(CleanBlock, [], () => clean.Run(frame));
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            frame.Errors.Report(report!, error);
        }
        catch (FlowControlException)
        {
            // It ends, no more.
        }
    }
}
