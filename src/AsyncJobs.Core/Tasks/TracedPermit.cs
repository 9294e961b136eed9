namespace AsyncJobs.Core.Tasks;

/// <summary>A semaphore's permit in a trace: who waits for one sees who has one.</summary>
internal readonly struct TracedPermit : IDisposable
{
    private readonly TraceRecorder? _trace;
    private readonly TraceSubject? _subject;
    private readonly int _task;

    private TracedPermit(TraceRecorder trace, TraceSubject subject, AsyncTask task)
    {
        (_trace, _subject, _task) = (trace, subject, task.Id);
        trace.Add(TraceEventKind.Acquired, task.Id, b: subject);
    }

    /// <summary>Notes that a task has a permit; nothing where there is no semaphore or no trace.</summary>
    public static TracedPermit Of(AsyncSemaphore? semaphore, AsyncTask task) =>
        TraceRecorder.Current is { } trace && semaphore is not null
            ? new TracedPermit(trace, trace.SubjectOf(semaphore, semaphore.Name), task)
            : default;

    /// <summary>The task gives it back.</summary>
    public void Dispose() => _trace?.Add(TraceEventKind.Released, _task, b: _subject);
}
