namespace AsyncJobs.Core.Loop;

/// <summary>
/// Watches a future for a loop. What the watch tells changes only on the loop, in turn with the future's other callbacks:
/// those that were registered before have run by then.
/// </summary>
internal sealed class CompletionWatch : IDisposable
{
    private readonly Future _future;
    private readonly Action<Future> _whenDone;

    /// <summary>Begins to watch.</summary>
    /// <param name="loop">The loop that is told.</param>
    /// <param name="future">The future; a failure of it counts as seen.</param>
    public CompletionWatch(EventLoop loop, Future future)
    {
        _future = future;
        _whenDone = _ => loop.Post(() => IsDone = true);
        future.MarkObserved();
        IsDone = !future.OnCompleted(_whenDone);
    }

    /// <summary>Whether the future has ended, as far as the loop has been told.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes the watch off a future that goes on.</summary>
    public void Dispose() => _future.RemoveContinuation(_whenDone);
}
