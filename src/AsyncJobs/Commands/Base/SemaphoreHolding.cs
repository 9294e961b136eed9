namespace AsyncJobs.Commands.Base;

/// <summary>A semaphore's permit as script holds it.</summary>
internal sealed class SemaphoreHolding(RunspaceLoop session, AsyncSemaphore semaphore) : IHolding
{
    public WaitRequest Enter(object holder, WaitLimit? limit = null) =>
        PrimitiveRequest.For(session.Loop, semaphore, token => EnterAsync(holder, token), PrimitiveRequest.Undo(semaphore.Release), limit);

    /// <summary>Takes a permit if one is free.</summary>
    public bool TryEnter(AsyncTask holder)
    {
        if (!semaphore.TryEnter())
        {
            return false;
        }

        if (TraceRecorder.Current is { } trace)
        {
            Note(trace, TraceEventKind.Acquired, holder);
        }

        return true;
    }

    public void Leave()
    {
        if (TraceRecorder.Current is { } trace && session.CurrentTask is { } task)
        {
            Note(trace, TraceEventKind.Released, task);
        }

        semaphore.Release();
    }

    private Task EnterAsync(object holder, CancellationToken giveUp) =>
        TraceRecorder.Current is { } trace && holder is AsyncTask task ? EnterAsync(trace, task, giveUp) : semaphore.EnterAsync(giveUp);

    // Who waits for a permit sees in the trace who has one.
    private async Task EnterAsync(TraceRecorder trace, AsyncTask task, CancellationToken giveUp)
    {
        await semaphore.EnterAsync(giveUp).ConfigureAwait(false);
        Note(trace, TraceEventKind.Acquired, task);
    }

    private void Note(TraceRecorder trace, TraceEventKind kind, AsyncTask task) =>
        trace.Add(kind, task.Id, b: trace.SubjectOf(semaphore, semaphore.Name));
}
