using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Tasks;

/// <summary>
/// How a coroutine meets the loop: it waits for a future without a thread, is resumed by the loop in turn with
/// everything else, and is told of its cancellation where it waits.
/// </summary>
/// <remarks>
/// Used on the loop's thread alone, but for <see cref="Cancel"/>. A wait is resumed exactly once, when its future is
/// done: cancelling asks what is waited for to stop, and the wait goes on until it has. Where coroutines wait for each
/// other in a circle, that comes back to the one it began with, whose wait ends there and then (asyncio: RecursionError).
/// </remarks>
/// <param name="task">The coroutine's task.</param>
internal class CoroutineControl(AsyncTask task) : IContinuation, IOutputSource
{
    private Func<string?, bool>? _cancelWait;
    private object? _resume;
    private CancelRequest? _request;
    private bool _cancelPending;
    private bool _isCancelling;
    private bool _isReleased;
    private string? _reason;
    private List<object?>? _output;

    public EventLoop Loop => Task.Loop;

    /// <summary>The coroutine's task.</summary>
    public AsyncTask Task { get; } = task;

    /// <summary>What it writes, which readers of its task's output get at each suspension.</summary>
    public List<object?> Output => _output ??= [];

    /// <summary>Why the coroutine's last cancellation was asked for.</summary>
    public string? Reason => _reason;

    /// <summary>Whether the wait that was over last had been cancelled, whatever told of it.</summary>
    public bool IsWaitCancelled { get; private set; }

    /// <summary>What it waits for; null between two waits.</summary>
    private protected Future? WaitedFor { get; private set; }

    /// <summary>Asks for the coroutine's cancellation; safe from any thread, and again where one was swallowed.</summary>
    /// <param name="reason">Goes into the message of the exception.</param>
    public void Cancel(string? reason)
    {
        Volatile.Write(ref _request, new CancelRequest(reason));
        if (Loop.IsHomeThread && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // At once, so that the coroutine's place in whatever line it waits in is free when this returns.
            ApplyRequest();
        }
        else
        {
            Loop.Post(ApplyRequest);
        }
    }

    /// <summary>Whether a cancellation was asked for that no wait has told of; taken with that.</summary>
    public bool TryTakeCancellation()
    {
        TryTakeRequest();
        bool isPending = _cancelPending;
        _cancelPending = false;
        return isPending;
    }

    private void ApplyRequest()
    {
        if (TryTakeRequest() && CancelWait())
        {
            _cancelPending = false;
        }
    }

    /// <summary>Takes a cancellation that was asked for; a step that begins before the loop comes to that takes it first.</summary>
    private bool TryTakeRequest()
    {
        if (Interlocked.Exchange(ref _request, null) is not { } request)
        {
            return false;
        }

        // Between two waits the next one is cancelled as it begins.
        _reason = request.Reason;
        _cancelPending = true;
        return true;
    }

    /// <summary>Waits until a future is done, in any way; one that is done does not suspend.</summary>
    /// <param name="future">The future. Its outcome is not thrown here.</param>
    /// <param name="cancelWait">
    /// What cancelling the coroutine does meanwhile; it makes the future end, and says whether its outcome tells of it.
    /// Null for cancelling the future.
    /// </param>
    /// <returns>
    /// To be awaited at once: whether the coroutine is cancelled here, whatever came of the future, see <see
    /// cref="Reason"/>.
    /// </returns>
    public WaitAwaiter WaitAsync(Future future, Func<string?, bool>? cancelWait = null)
    {
        if (future.IsCompleted)
        {
            return default;
        }

        BeginWait(future, cancelWait);
        return new WaitAwaiter(this);
    }

    void IContinuation.Continue()
    {
        if (TraceRecorder.Current is { } trace)
        {
            trace.Add(TraceEventKind.Ready, Task.Id);
        }

        Loop.Enqueue(_resume!);
    }

    void IOutputSource.PublishOutput()
    {
        if (Loop.IsHomeThread)
        {
            PublishOutput();
        }
        else
        {
            Loop.Post(PublishOutput);
        }
    }

    private void PublishOutput() => Task.PublishOutput(Output);

    /// <summary>The first half of a wait, see <see cref="WaitAsync"/>; <see cref="Suspend"/> is to follow at once.</summary>
    private protected void BeginWait(Future future, Func<string?, bool>? cancelWait)
    {
        WaitedFor = future;
        _cancelWait = cancelWait;
        IsWaitCancelled = false;
        TryTakeRequest();
        if (_cancelPending && CancelWait())
        {
            _cancelPending = false;
        }
    }

    /// <summary>Has the coroutine resumed through the loop's queue, whichever thread completes the future.</summary>
    /// <param name="resume">Resumes it, and ends the wait first: an <see cref="Action"/> or an <see cref="ILoopCallback"/>.</param>
    private protected void Suspend(object resume)
    {
        if (Task.HasReaders)
        {
            PublishOutput();
        }

        if (_isReleased)
        {
            Loop.Enqueue(resume);
            return;
        }

        _resume = resume;
        WaitedFor!.OnCompleted(this);
    }

    private bool CancelWait()
    {
        if (WaitedFor is not { } future)
        {
            return false;
        }

        IsWaitCancelled = true;
        if (_isCancelling)
        {
            Release(future);
            return true;
        }

        _isCancelling = true;
        try
        {
            return _cancelWait?.Invoke(_reason) ?? future.Cancel(_reason);
        }
        finally
        {
            _isCancelling = false;
        }
    }

    /// <summary>Ends the wait, though its future is not done.</summary>
    private void Release(Future future)
    {
        _isReleased = true;
        if (_resume is { } resume && future.RemoveContinuation(this))
        {
            Loop.Enqueue(resume);
        }
    }

    /// <summary>Ends the wait, as the coroutine is resumed.</summary>
    /// <returns>Whether it is cancelled here.</returns>
    private protected bool EndWait()
    {
        bool isReleased = _isReleased;
        (WaitedFor, _cancelWait, _resume, _isReleased) = (null, null, null, false);

        // As in asyncio, one that is stopped between the end of its wait and its next step is stopped at that wait.
        bool isStopped = TryTakeCancellation() || isReleased;
        IsWaitCancelled |= isStopped;
        return isStopped;
    }

    /// <summary>Suspends the coroutine until the loop's next pass.</summary>
    public Yield YieldAsync() => new(Loop);

    /// <summary>A wait as an async method's.</summary>
    public readonly struct WaitAwaiter(CoroutineControl control) : ICriticalNotifyCompletion
    {
        // Without a control there is nothing to wait for.
        private readonly CoroutineControl? _control = control;

        public bool IsCompleted => _control is null;

        public WaitAwaiter GetAwaiter() => this;

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => _control!.Suspend(continuation);

        public bool GetResult() => _control is not null && _control.EndWait();
    }

    /// <summary>Resumes at the loop's next turn.</summary>
    public readonly struct Yield(EventLoop loop) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Yield GetAwaiter() => this;

        public void OnCompleted(Action continuation) => loop.Post(continuation);

        public void UnsafeOnCompleted(Action continuation) => loop.Post(continuation);

        public void GetResult()
        {
        }
    }

    private sealed record CancelRequest(string? Reason);
}
