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
    /// <summary>Gives how many objects of the last of them are enough; null, or a result of null, where all are wanted.</summary>
    public Func<CoroutineFrame, int?>? Limit { get; init; }

    protected internal override string Text => Limit is null ? $"ForEach-Object of {source}" : $"ForEach-Object of {source}, until there are enough";

    public override void Accept(NodeVisitor visitor)
    {
        foreach (ForEachStagePart part in parts)
        {
            part.Accept(visitor);
        }
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        StageLimit? limit = Limit?.Invoke(frame) is { } count ? new StageLimit(frame.Output.Items, count) : null;
        if (limit is { IsReached: true })
        {
            return Flow.Next;
        }

        using ForEachSource items = open(frame);
        Flow flow = await RunAsync(frame, items, limit).ConfigureAwait(false);
        if (limit is { IsReached: true })
        {
            // As in PowerShell, nothing before it comes to its end.
            items.CutShort();
        }
        else if (!flow.IsNext)
        {
            return flow;
        }

        frame.NoteSuccess(!items.HasFailed);
        return Flow.Next;
    }

    private async ValueTask<Flow> RunAsync(CoroutineFrame frame, ForEachSource items, StageLimit? limit)
    {
        (IStageTarget? first, ForEachStageRun[] stages) = Connect(frame, limit);
        foreach (ForEachStageRun stage in stages)
        {
            if (await stage.BeginAsync(frame, place).ConfigureAwait(false) is { IsNext: false } jump)
            {
                return jump;
            }
        }

        while (await items.MoveNextAsync(frame).ConfigureAwait(false))
        {
            frame.ThrowIfStopped();
            if (await first!.ProcessAsync(frame, items.Current, place).ConfigureAwait(false) is { IsNext: false } jump)
            {
                return jump;
            }
        }

        foreach (ForEachStageRun stage in stages)
        {
            if (await stage.EndAsync(frame, place).ConfigureAwait(false) is { IsNext: false } jump)
            {
                return jump;
            }
        }

        return Flow.Next;
    }

    private (IStageTarget? First, ForEachStageRun[] Stages) Connect(CoroutineFrame frame, StageLimit? limit)
    {
        IStageTarget? next = limit;
        var stages = new ForEachStageRun[parts.Length];
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            next = stages[i] = new ForEachStageRun(parts[i], next, frame);
        }

        return (next, stages);
    }
}
