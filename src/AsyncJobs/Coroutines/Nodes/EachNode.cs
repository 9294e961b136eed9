using System.Management.Automation;

namespace AsyncJobs;

/// <summary>One ForEach-Object.</summary>
/// <param name="Begin">Its block for before the first object, or null.</param>
/// <param name="Process">Those for each object.</param>
/// <param name="End">That for after the last, or null.</param>
/// <param name="Leaving">Has PowerShell throw an error out of a block of it.</param>
internal sealed record EachPart(CoroutineNode? Begin, CoroutineNode[] Process, CoroutineNode? End, Segment Leaving);

/// <summary>Stages that are ForEach-Object, whose blocks are a part of the coroutine.</summary>
/// <param name="items">The variable, one of ours, that holds what comes to the first of them.</param>
/// <param name="parts">They.</param>
/// <param name="place">The pipeline, around the blocks in stack traces.</param>
/// <param name="step">Takes an object natively.</param>
internal sealed class EachNode(string items, EachPart[] parts, EnclosingPlace place, Segment step) : CoroutineNode
{
    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        PSVariable held = frame.Variable(items);
        var source = new PipelineItems(held.Value);
        held.Value = null;
        EachPipe pipe = Connect(frame);
        try
        {
            for (EachPipe? next = pipe; next is not null; next = next.Next)
            {
                if (await next.BeginAsync(frame, place).ConfigureAwait(false) is { IsNext: false } jump)
                {
                    return jump;
                }
            }

            while (source.MoveNext(frame, step))
            {
                frame.ThrowIfStopped();
                if (await pipe.ProcessAsync(frame, source.Current, place).ConfigureAwait(false) is { IsNext: false } jump)
                {
                    return jump;
                }
            }

            for (EachPipe? next = pipe; next is not null; next = next.Next)
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

        frame.NoteSuccess(true);
        return Flow.Next;
    }

    private EachPipe Connect(CoroutineFrame frame)
    {
        EachPipe? pipe = null;
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            pipe = new EachPipe(parts[i], pipe, frame);
        }

        return pipe!;
    }
}
