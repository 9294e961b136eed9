namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>One ForEach-Object or Where-Object.</summary>
/// <param name="isFilter">Whether what its block writes for an object says whether that goes on.</param>
/// <param name="begin">Its block for before the first object, or null.</param>
/// <param name="process">Those for each object.</param>
/// <param name="end">That for after the last, or null.</param>
/// <param name="leaving">Has PowerShell throw an error out of a block of it.</param>
internal sealed class ForEachStagePart(bool isFilter, CoroutineNode? begin, CoroutineNode[] process, CoroutineNode? end, Segment leaving)
{
    public bool IsFilter => isFilter;

    public CoroutineNode? Begin => begin;

    public CoroutineNode[] Process => process;

    public CoroutineNode? End => end;

    public Segment Leaving => leaving;

    /// <summary>Shows the blocks.</summary>
    public void Accept(NodeVisitor visitor)
    {
        visitor.Part("begin", ref begin);
        for (int i = 0; i < process.Length; i++)
        {
            visitor.Part(isFilter ? "filter" : "process", ref process[i]);
        }

        visitor.Part("end", ref end);
    }
}

/// <summary>Stages that are ForEach-Object, whose blocks are a part of the coroutine.</summary>
/// <param name="source">What comes to the first of them, as text.</param>
/// <param name="open">Opens that.</param>
/// <param name="parts">They.</param>
/// <param name="place">The pipeline, around the blocks in stack traces.</param>
internal sealed class ForEachPipelineNode(string source, Func<CoroutineFrame, ForEachSource> open, ForEachStagePart[] parts, EnclosingPlace place) : CoroutineNode
{
    protected internal override string Text => $"ForEach-Object of {source}";

    public override void Accept(NodeVisitor visitor)
    {
        foreach (ForEachStagePart part in parts)
        {
            part.Accept(visitor);
        }
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        ForEachSource items = open(frame);
        ForEachStageRun pipe = Connect(frame);
        try
        {
            for (ForEachStageRun? next = pipe; next is not null; next = next.Next)
            {
                if (await next.BeginAsync(frame, place).ConfigureAwait(false) is { IsNext: false } jump)
                {
                    return jump;
                }
            }

            while (await items.MoveNextAsync(frame).ConfigureAwait(false))
            {
                frame.ThrowIfStopped();
                if (await pipe.ProcessAsync(frame, items.Current, place).ConfigureAwait(false) is { IsNext: false } jump)
                {
                    return jump;
                }
            }

            for (ForEachStageRun? next = pipe; next is not null; next = next.Next)
            {
                if (await next.EndAsync(frame, place).ConfigureAwait(false) is { IsNext: false } jump)
                {
                    return jump;
                }
            }
        }
        finally
        {
            items.Dispose();
        }

        frame.NoteSuccess(!items.HasFailed);
        return Flow.Next;
    }

    private ForEachStageRun Connect(CoroutineFrame frame)
    {
        ForEachStageRun? pipe = null;
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            pipe = new ForEachStageRun(parts[i], pipe, frame);
        }

        return pipe!;
    }
}
