using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>A place in a primitive's queue as a future: done when the primitive's own task is, however that ended.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its source may be cancelled at any time, and holds nothing once its timer is off.")]
internal sealed class PrimitiveWait : Future
{
    private readonly CancellationTokenSource _giveUp;
    private readonly EventLoop? _timed;
    private bool _isGivenUp;

    /// <summary>Starts the wait.</summary>
    /// <param name="loop">The loop of the one who waits.</param>
    /// <param name="start">What takes the place: a task that ends soon once its token is cancelled.</param>
    /// <param name="limit">How long at most; null for no limit.</param>
    public PrimitiveWait(EventLoop loop, Func<CancellationToken, Task> start, TimeSpan? limit)
        : base(loop)
    {
        _giveUp = limit is { } time ? new CancellationTokenSource(time, loop.TimeProvider) : new CancellationTokenSource();
        if (limit is not null)
        {
            // Whoever looks for deadlocks has to know that this wait will end.
            _timed = loop;
            loop.TimerSet();
        }

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

    /// <summary>The primitive's own task.</summary>
    public Task Waiting { get; }

    /// <summary>Whether the wait's time was up before anything was handed over.</summary>
    public bool IsLate => Waiting.IsCanceled && !_isGivenUp;

    /// <summary>Gives the place up; what was handed over before that is there all the same, and for the caller to give back.</summary>
    /// <returns>False: how the wait ends does not tell whether it was cancelled.</returns>
    public override bool Cancel(string? reason)
    {
        _isGivenUp = true;
        _giveUp.Cancel();
        return false;
    }

    private void End()
    {
        // Stops the timer. The source is not disposed, since somebody may be about to cancel it.
        _giveUp.CancelAfter(Timeout.InfiniteTimeSpan);
        _timed?.TimerGone();
        TryComplete(AsyncState.Completed, TaskOutput.None);
    }
}
