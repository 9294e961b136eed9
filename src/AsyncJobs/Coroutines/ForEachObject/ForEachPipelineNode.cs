namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>One ForEach-Object.</summary>
/// <param name="Begin">Its block for before the first object, or null.</param>
/// <param name="Process">Those for each object.</param>
/// <param name="End">That for after the last, or null.</param>
/// <param name="Leaving">Has PowerShell throw an error out of a block of it.</param>
internal sealed record ForEachStagePart(CoroutineNode? Begin, CoroutineNode[] Process, CoroutineNode? End, Segment Leaving);

/// <summary>Stages that are ForEach-Object, whose blocks are a part of the coroutine.</summary>
/// <param name="open">Opens what comes to the first of them.</param>
/// <param name="parts">They.</param>
/// <param name="place">The pipeline, around the blocks in stack traces.</param>
internal sealed class ForEachPipelineNode(Func<CoroutineFrame, ForEachSource> open, ForEachStagePart[] parts, EnclosingPlace place) : CoroutineNode
{
    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        ForEachSource source = open(frame);
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

            while (await source.MoveNextAsync(frame).ConfigureAwait(false))
            {
                frame.ThrowIfStopped();
                if (await pipe.ProcessAsync(frame, source.Current, place).ConfigureAwait(false) is { IsNext: false } jump)
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
            source.Dispose();
        }

        frame.NoteSuccess(!source.HasFailed);
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
