namespace AsyncJobs.Coroutines.Nodes;

/// <summary>The block of Invoke-AsyncTaskGroup in a coroutine: its statements, then the wait for the group's tasks.</summary>
internal static class GroupBody
{
    public static async ValueTask<Flow> RunAsync(CoroutineFrame frame, TaskGroupRun run, CoroutineNode body, Resumption resume)
    {
        var written = new List<object?>();
        (Flow flow, Exception? failure) = await RunBlockAsync(frame, run, body, written).ConfigureAwait(false);
        Future ended = run.Leave(failure);
        await AwaitNode.WaitAsync(frame, new WaitRequest { Until = ended, For = run.Group, Ending = WaitCompletion.All, Cancel = run.Interrupt, Otherwise = static _ => { } }, resume).ConfigureAwait(false);
        resume.Finish(frame, new WaitRequest
        {
            Until = ended,
            Cancel = static _ => false,
            Otherwise = command =>
            {
                written.ForEach(item => run.Add(item, command.WriteObject));
                run.Finish(command.WriteObject);
            },
        });
        return flow;
    }

    /// <summary>Runs the statements within the group, whose block's <c>$_</c> is the group.</summary>
    private static async ValueTask<(Flow Flow, Exception? Failure)> RunBlockAsync(CoroutineFrame frame, TaskGroupRun run, CoroutineNode body, List<object?> written)
    {
        (GroupContext context, OutputTarget output, object? underscore) = (frame.GroupContext, frame.Output, frame.Underscore);
        (frame.GroupContext, frame.Output, frame.Underscore) = (run.Context, output with { Items = written }, run.Group);
        try
        {
            Flow flow = await body.RunAsync(frame).ConfigureAwait(false);
            return (flow.Kind == FlowKind.Return ? Flow.Next : flow, null);
        }
        catch (PipelineStoppedException)
        {
            run.Group.Abandon();
            throw;
        }
        catch (Exception exception)
        {
            return (Flow.Next, exception);
        }
        finally
        {
            (frame.GroupContext, frame.Output, frame.Underscore) = (context, output, underscore);
        }
    }
}
