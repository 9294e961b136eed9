namespace AsyncJobs.Core.Tasks;

/// <summary>
/// Several futures as one (asyncio's <c>gather</c>): done when all are done or, unless exceptions are wanted as
/// results, when the first fails. Cancelling it cancels them all.
/// </summary>
internal sealed class GatherFuture : Future, IWaitedFor
{
    private readonly IReadOnlyList<Future> _children;
    private readonly bool _returnExceptions;
    private int _pending;
    private Future? _firstFailed;
    private volatile string? _stopReason;
    private volatile bool _isCancellationRequested;
    private volatile bool _endsWithLast;

    public GatherFuture(EventLoop loop, IReadOnlyList<Future> children, bool returnExceptions)
        : base(loop, "gather")
    {
        _children = children;
        _returnExceptions = returnExceptions;
        _pending = children.Count;
        if (children.Count == 0)
        {
            TryComplete(AsyncState.Completed, TaskOutput.None);
        }

        Action<Future> whenChildDone = ChildDone;
        foreach (Future child in children)
        {
            child.MarkObserved();
            child.OnCompleted(whenChildDone);
        }
    }

    /// <summary>How many children have ended, in any way.</summary>
    public int DoneCount => _children.Count - Math.Max(0, Volatile.Read(ref _pending));

    /// <summary>Whether the gathering was cancelled itself.</summary>
    public bool IsCancellationRequested => _isCancellationRequested;

    /// <summary>The child whose failure ended the gathering, if one did.</summary>
    public Future? FirstFailed => _firstFailed;

    /// <summary>Cancels every child that is not done; the gathering ends as their endings make it end.</summary>
    public override bool Cancel(string? reason)
    {
        if (IsCompleted)
        {
            return false;
        }

        _stopReason = reason;
        _isCancellationRequested = true;
        CancelChildren(reason);
        return true;
    }

    /// <summary>Cancels every child that is not done; the gathering ends when the last of them has, whatever fails.</summary>
    /// <returns>False if the gathering was done already.</returns>
    public bool StopAll(string reason)
    {
        _endsWithLast = true;
        if (IsCompleted)
        {
            return false;
        }

        CancelChildren(reason);
        return true;
    }

    public IReadOnlyList<object> GetWaitedFor() => [.. _children.Where(child => !child.IsCompleted).Distinct()];

    private void CancelChildren(string? reason)
    {
        foreach (Future child in _children)
        {
            child.Cancel(reason);
        }
    }

    private void ChildDone(Future child)
    {
        if (child.Fault is not null && !_returnExceptions)
        {
            Interlocked.CompareExchange(ref _firstFailed, child, null);
        }

        // After the failure is noted: whoever comes last sees every other's, and never completes over one.
        bool isLast = Interlocked.Decrement(ref _pending) == 0;
        if (Volatile.Read(ref _firstFailed) is { } failed && (isLast || !_endsWithLast))
        {
            TryComplete(AsyncState.Failed, failed.Fault);
        }
        else if (isLast && _isCancellationRequested)
        {
            // With exceptions as results the children's cancellations would pass for results, and the caller's be lost.
            TryComplete(AsyncState.Stopped, new Fault(CanceledException(_stopReason)));
        }
        else if (isLast)
        {
            TryComplete(AsyncState.Completed, TaskOutput.None);
        }
    }
}
