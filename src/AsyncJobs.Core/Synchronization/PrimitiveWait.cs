using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Core.Synchronization;

/// <summary>A place in a primitive's queue as a future: done when the primitive's own task is, however that ended.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its source may be cancelled at any time, and holds nothing.")]
internal sealed class PrimitiveWait : Future
{
    private readonly CancellationTokenSource _giveUp = new();

    /// <summary>Starts the wait.</summary>
    /// <param name="loop">The loop of the one who waits.</param>
    /// <param name="start">What takes the place: a task that ends soon once its token is cancelled.</param>
    public PrimitiveWait(EventLoop loop, Func<CancellationToken, Task> start)
        : base(loop)
    {
        Waiting = WaitQueue.StartInline(start, _giveUp.Token);
        if (Waiting.IsCompleted)
        {
            End();
        }
        else
        {
            _ = Waiting.ContinueWith(
                static (_, self) => ((PrimitiveWait)self!).End(),
                this,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    public Task Waiting { get; }

    /// <summary>Gives the place up; what was handed over before that is there all the same, and for the caller to give back.</summary>
    /// <returns>False: how the wait ends does not tell whether it was cancelled.</returns>
    public override bool Cancel(string? reason)
    {
        _giveUp.Cancel();
        return false;
    }

    private void End() => TryComplete(AsyncState.Completed, TaskOutput.None);
}
