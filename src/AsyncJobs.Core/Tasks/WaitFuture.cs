namespace AsyncJobs.Core.Tasks;

/// <summary>
/// Several futures as one (asyncio's <c>wait</c>): done when as many of them are as its <see cref="ReturnWhen"/> says.
/// Cancelling it cancels none of them.
/// </summary>
internal sealed class WaitFuture : Future
{
    private readonly IReadOnlyList<Future> _children;
    private readonly ReturnWhen _when;
    private readonly Action<Future> _whenChildDone;
    private Future? _deciding;
    private int _pending;

    public WaitFuture(EventLoop loop, IReadOnlyList<Future> children, ReturnWhen when)
        : base(loop)
    {
        _children = children;
        _when = when;
        _whenChildDone = ChildDone;
        _pending = children.Count;
        if (_pending == 0)
        {
            TryComplete(AsyncState.Completed, TaskOutput.None);
        }

        foreach (Future child in children)
        {
            child.MarkObserved();
            if (!IsCompleted)
            {
                child.OnCompleted(_whenChildDone);
            }
        }

        if (IsCompleted)
        {
            Detach();
        }
    }

    /// <summary>The child that decided before all were done: the first to end, or the first to fail.</summary>
    public Future? Deciding => Volatile.Read(ref _deciding);

    private protected override void OnEnded() => Detach();

    /// <summary>Leaves nothing behind with children that go on: they may outlive many that wait for them.</summary>
    private void Detach()
    {
        if (Volatile.Read(ref _pending) > 0)
        {
            foreach (Future child in _children)
            {
                child.RemoveContinuation(_whenChildDone);
            }
        }
    }

    private void ChildDone(Future child)
    {
        bool decides = _when == ReturnWhen.FirstCompleted || (_when == ReturnWhen.FirstException && child.IsFaulted);
        if (decides)
        {
            Interlocked.CompareExchange(ref _deciding, child, null);
        }

        // After it is noted: whoever is last sees every failure.
        if (Interlocked.Decrement(ref _pending) == 0 || decides)
        {
            TryComplete(AsyncState.Completed, TaskOutput.None);
        }
    }
}
