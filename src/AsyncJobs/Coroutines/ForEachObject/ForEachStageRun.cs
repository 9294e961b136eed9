namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>One ForEach-Object or Where-Object of a pipeline that runs: what it writes goes to the next, or to where the pipeline's output goes.</summary>
internal sealed class ForEachStageRun : IStageTarget
{
    private readonly ForEachStagePart _part;
    private readonly OutputTarget _output;
    private bool _hasBegun;

    /// <param name="part">Its blocks.</param>
    /// <param name="next">What gets what it writes; null where that goes to the output.</param>
    /// <param name="frame">The coroutine, as the pipeline begins.</param>
    public ForEachStageRun(ForEachStagePart part, IStageTarget? next, CoroutineFrame frame)
    {
        _part = part;
        _output = next is null ? frame.Output : new(new Written(next), IsValue: false);
    }

    /// <summary>Begins, if it has not yet.</summary>
    public ValueTask<Flow> BeginAsync(CoroutineFrame frame, EnclosingPlace place)
    {
        if (_hasBegun || _part.Begin is not { } begin)
        {
            return new(Flow.Next);
        }

        _hasBegun = true;
        return RunAsync(frame, begin, place);
    }

    /// <summary>Ends; nothing comes any more.</summary>
    public ValueTask<Flow> EndAsync(CoroutineFrame frame, EnclosingPlace place) => _part.End is { } end ? RunAsync(frame, end, place) : new(Flow.Next);

    /// <inheritdoc/>
    public async ValueTask<Flow> ProcessAsync(CoroutineFrame frame, object? item, EnclosingPlace place)
    {
        // What the beginning of one stage writes may come before the beginning of the next.
        if (await BeginAsync(frame, place).ConfigureAwait(false) is { IsNext: false } stop)
        {
            return stop;
        }

        object? underscore = frame.Underscore;
        try
        {
            foreach (CoroutineNode process in _part.Process)
            {
                frame.Underscore = item is null ? null : PSObject.AsPSObject(item);
                if (await RunAsync(frame, process, place).ConfigureAwait(false) is { IsNext: false } jump)
                {
                    return jump;
                }
            }

            return Flow.Next;
        }
        finally
        {
            frame.Underscore = underscore;
        }
    }

    /// <summary>Sends on what a statement has written, where that is to another stage; for the statements in its blocks.</summary>
    public static async ValueTask<Flow> SendAsync(CoroutineFrame frame, EnclosingPlace place)
    {
        if (frame.Output.Items is not Written { Count: > 0 } written)
        {
            return Flow.Next;
        }

        object?[] items = [.. written];
        written.Clear();
        object? success = frame.Success?.Value;
        foreach (object? item in items)
        {
            if (await written.To.ProcessAsync(frame, item, place).ConfigureAwait(false) is { IsNext: false } jump)
            {
                return jump;
            }
        }

        frame.NoteSuccess(LanguagePrimitives.IsTrue(success));
        return Flow.Next;
    }

    private async ValueTask<Flow> RunAsync(CoroutineFrame frame, CoroutineNode block, EnclosingPlace place)
    {
        try
        {
            return await RunBlockAsync(frame, block, place).ConfigureAwait(false);
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            // An error that leaves the block leaves ForEach-Object, too, and PowerShell notes that on it.
            frame.Errors.Raise(_part.Leaving, error);
            throw;
        }
    }

    private async ValueTask<Flow> RunBlockAsync(CoroutineFrame frame, CoroutineNode block, EnclosingPlace place)
    {
        (OutputTarget output, EnclosingFrame? enclosing, var underscore) = (frame.Output, frame.Steps.Enclosing, frame.UnderscoreState);
        OutputTarget written = _part.IsFilter ? new([], IsValue: true) : _output;
        (frame.Output, frame.Steps.Enclosing) = (written, new EnclosingFrame(place, enclosing));
        try
        {
            Flow flow = await block.RunAsync(frame).ConfigureAwait(false);
            frame.Output = _output;
            if (_part.IsFilter)
            {
                // What comes behind it gets the object when its block has ended.
                frame.Steps.Enclosing = enclosing;
                if (flow.Kind is FlowKind.Next or FlowKind.Return && LanguagePrimitives.IsTrue(written.Items is [var only] ? only : written.Items))
                {
                    _output.Items.Add(underscore.Value);
                }
            }

            Flow sent = await SendAsync(frame, place).ConfigureAwait(false);
            return !sent.IsNext ? sent : flow.Kind == FlowKind.Return ? Flow.Next : flow;
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException && _output.Items is Written { Count: > 0 })
        {
            // What was written before it has been handled before it.
            frame.Output = _output;
            if (await SendAsync(frame, place).ConfigureAwait(false) is { IsNext: false } jump)
            {
                return jump;
            }

            throw;
        }
        finally
        {
            (frame.Output, frame.Steps.Enclosing, frame.UnderscoreState) = (output, enclosing, underscore);
        }
    }

    /// <summary>What is on its way to a stage.</summary>
    private sealed class Written(IStageTarget to) : List<object?>
    {
        public IStageTarget To => to;
    }
}

/// <summary>Stands behind a statement of a ForEach-Object that has another one behind it.</summary>
/// <param name="place">The statement, around the blocks of that one in stack traces.</param>
internal sealed class SendNode(EnclosingPlace place) : CoroutineNode
{
    protected internal override string Text => "send";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => ForEachStageRun.SendAsync(frame, place);
}
