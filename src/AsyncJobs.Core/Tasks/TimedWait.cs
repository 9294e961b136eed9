namespace AsyncJobs;

/// <summary>A future that is done when another is, or when a time has passed. Cancelling it cancels the other.</summary>
internal sealed class TimedWait : Future
{
    private readonly Future _inner;
    private readonly IDisposable _timer;

    /// <summary>Begins the wait.</summary>
    /// <param name="loop">The loop whose clock measures the time.</param>
    /// <param name="inner">The future that is waited for.</param>
    /// <param name="limit">How long at most.</param>
    /// <param name="whenLate">Called if the time is up first.</param>
    public TimedWait(EventLoop loop, Future inner, TimeSpan limit, Action whenLate)
        : base(loop)
    {
        _inner = inner;
        Limit = limit;
        _timer = loop.CallLater(limit, () =>
        {
            IsLate = !inner.IsCompleted;
            if (TryComplete(AsyncState.Completed, TaskOutput.None))
            {
                whenLate();
            }
        });
        inner.OnCompleted(_ => TryComplete(AsyncState.Completed, TaskOutput.None));
    }

    public TimeSpan Limit { get; }

    /// <summary>Whether the time was up first.</summary>
    public bool IsLate { get; private set; }

    /// <inheritdoc/>
    public override bool Cancel(string? reason) => !IsCompleted && _inner.Cancel(reason);

    private protected override void OnEnded() => _timer?.Dispose();
}
