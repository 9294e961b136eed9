namespace AsyncJobs.Coroutines.Nodes;

/// <summary>
/// A suspending command: a native step binds its parameters and says what to wait for, the coroutine waits, and the
/// outcome is written; then for what it waits next, if it does.
/// </summary>
/// <param name="request">Runs the command up to its request.</param>
/// <param name="resume">Writes the outcome with the command's position.</param>
internal sealed class AwaitNode(Segment request, Resumption resume) : CoroutineNode
{
    /// <summary>The command as the script has it; null where others stand before it in its pipeline.</summary>
    public CommandAst? Command { get; init; }

    public Segment Request => request;

    /// <summary>The same wait, asked for by another command.</summary>
    public AwaitNode For(CommandAst asking) => new(request.With([AstBuilder.Pipeline(request.Extent, asking)]), resume);

    protected internal override string Text => $"suspend {request}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => RunAsync(frame, request.Ask(frame));

    /// <summary>Waits for what the command asks for, or would have.</summary>
    public async ValueTask<Flow> RunAsync(CoroutineFrame frame, WaitRequest? wait)
    {
        using WaitProgress? progress = wait?.Progress;
        while (wait is not null)
        {
            progress?.Watch(wait.For, wait.Limit);
            wait = await WaitAsync(frame, wait, resume).ConfigureAwait(false);
            wait = resume.Finish(frame, wait);
        }

        return Flow.Next;
    }

    /// <summary>Runs the command up to its first request; null where it has nothing to wait for.</summary>
    public WaitRequest? Ask(CoroutineFrame frame) => request.Ask(frame);

    /// <summary>Asks what the command waits for after a request that is finished, or null.</summary>
    public WaitRequest? GoOn(CoroutineFrame frame, WaitRequest finished) =>
        finished.Next is null ? null : resume.Finish(frame, finished with { Output = null, Otherwise = static _ => { } });

    /// <summary>Where the command stands, for those who look in.</summary>
    public IScriptPlace Place => resume;

    /// <summary>Writes or throws what came of it, as the command.</summary>
    public void Finish(CoroutineFrame frame, WaitRequest wait) => resume.Finish(frame, wait);

    /// <summary>Waits for what a command asked for.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="wait">The request.</param>
    /// <param name="place">Where the command stands, for those who look in.</param>
    /// <returns>What to finish: the request, or a cancellation in its place.</returns>
    public static async ValueTask<WaitRequest> WaitAsync(CoroutineFrame frame, WaitRequest wait, IScriptPlace place)
    {
        if (wait.Until.IsCompleted)
        {
            return wait;
        }

        CoroutineRun run = frame.Coroutine;
        frame.Task.Wait = new WaitInfo(place, wait.For, wait.Ending);
        IDisposable? limit = wait.WatchLimit();
        bool isCanceled = await run.WaitAsync(wait.Until, wait.Cancel);
        limit?.Dispose();
        frame.Task.Wait = null;
        frame.SetPosition(place);
        if (run.IsWaitCancelled)
        {
            wait.StopStarted?.Invoke();
        }

        if (!isCanceled)
        {
            return wait;
        }

        // As in asyncio, it is cancelled here also where the wait ended well in that instant.
        wait.Undo?.Invoke();
        return WaitRequest.Canceled(run.Loop, run.Reason, wait.For);
    }
}
