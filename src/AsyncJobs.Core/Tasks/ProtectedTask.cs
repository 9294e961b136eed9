namespace AsyncJobs.Core.Tasks;

/// <summary>
/// A task that ends as another future does, but whose cancellation ends it alone (asyncio's <c>shield</c>). A failure that
/// comes after that is the inner future's to report.
/// </summary>
internal sealed class ProtectedTask : AsyncTask
{
    private readonly Future _inner;

    public ProtectedTask(Future inner, TaskOptions options, TaskRegistry? registry)
        : base(inner.Loop, AsyncTaskKind.IO, options, input: (inner as AsyncTask)?.InputObject, streams: null, registry)
    {
        _inner = inner;
        Wait = new WaitInfo(Place: null, inner, WaitCompletion.All | WaitCompletion.Watching);
        BeginWork(flows: false);
        inner.OnCompleted(InnerEnded);
    }

    // The inner one may belong to one; this is no part of any.
    internal override AsyncTaskGroup? Group => null;

    public override object? Streams
    {
        get => (_inner as AsyncTask)?.Streams;
        internal set
        {
            if (_inner is AsyncTask inner)
            {
                inner.Streams = value;
            }
        }
    }

    internal override bool IsCoroutine => _inner is AsyncTask { IsCoroutine: true };

    public override bool Cancel(string? reason)
    {
        if (!base.Cancel(reason))
        {
            return false;
        }

        _inner.RemoveContinuation(InnerEnded);
        Stopped();
        return true;
    }

    private void InnerEnded(Future inner)
    {
        if (EndAs(inner))
        {
            inner.MarkObserved();
        }
    }
}
