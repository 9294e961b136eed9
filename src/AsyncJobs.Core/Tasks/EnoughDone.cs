namespace AsyncJobs;

/// <summary>What a wait for several futures waits for.</summary>
internal enum EnoughWhen
{
    All,
    Any,
    FirstError,
}

/// <summary>
/// A future that is done when enough of several others are: all, the first, or the first that fails. Cancelling it cancels
/// none of those.
/// </summary>
internal sealed class EnoughDone : Future
{
    private readonly IReadOnlyList<Future> _children;
    private readonly EnoughWhen _when;
    private readonly Action<Future> _whenChildDone;
    private Future? _deciding;
    private int _pending;

    public EnoughDone(EventLoop loop, IReadOnlyList<Future> children, EnoughWhen when)
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

    /// <summary>The child that decided before all were done: the first of Any, the first that failed of FirstError.</summary>
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
        bool decides = _when == EnoughWhen.Any || (_when == EnoughWhen.FirstError && child.IsFaulted);
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
