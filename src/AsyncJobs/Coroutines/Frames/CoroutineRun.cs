using System.Threading.Tasks.Sources;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>
/// One run of a coroutine: the plain awaits that it waits in, one after the other, and what comes of it in the end. It is
/// these waits and that end itself, as thousands of coroutines may be asleep.
/// </summary>
/// <param name="task">The coroutine's task.</param>
/// <param name="attempt">Gets what comes of it; null where that is the task's end.</param>
internal sealed class CoroutineRun(AsyncTask task, TaskCompletionSource<object?>? attempt) : CoroutineControl(task), IValueTaskSource<Flow>, ILoopCallback
{
    // The plain await that it waits in, and who goes on with what comes of that.
    private (IPlainAwait Await, CoroutineFrame Frame) _waiting;
    private Action<object?>? _continuation;
    private object? _state;

    // The block, once it has suspended in anything but such an await alone.
    private Task<Flow>? _running;

    /// <summary>Whether it is all that the task does, so that its end is the task's.</summary>
    public bool IsWholeTask => attempt is null;

    /// <summary>Waits for a future as an await does with which nothing else is said.</summary>
    /// <returns>To be awaited at once.</returns>
    public ValueTask<Flow> WaitAsync(IPlainAwait plain, CoroutineFrame frame, Future future)
    {
        Task.Wait = new WaitInfo(plain.Place, future, WaitCompletion.All);
        BeginWait(future, cancelWait: null);
        _waiting = (plain, frame);
        return new ValueTask<Flow>(this, token: 0);
    }

    ValueTaskSourceStatus IValueTaskSource<Flow>.GetStatus(short token) => ValueTaskSourceStatus.Pending;

    void IValueTaskSource<Flow>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        (_continuation, _state) = (continuation, state);
        Suspend(this);
    }

    void ILoopCallback.Run() => _continuation!(_state);

    Flow IValueTaskSource<Flow>.GetResult(short token)
    {
        ((IPlainAwait plain, CoroutineFrame frame), Future future) = (_waiting, WaitedFor!);
        (_waiting, _continuation, _state) = (default, null, null);
        bool isCanceled = EndWait();
        Task.Wait = null;
        frame.SetPosition(plain.Place);
        return plain.Finish(frame, future, isCanceled);
    }

    /// <summary>Sees the coroutine to its end. Never throws.</summary>
    /// <param name="block">Its block, which runs.</param>
    public void Complete(ValueTask<Flow> block)
    {
        if (block.IsCompleted)
        {
            End(block);
        }
        else if (_waiting.Await is not null && _continuation is null)
        {
            // The block is this wait, and nothing behind it.
            ((IValueTaskSource<Flow>)this).OnCompleted(
                static run => ((CoroutineRun)run!).End(new ValueTask<Flow>((CoroutineRun)run, token: 0)), this, token: 0, default);
        }
        else
        {
            _running = block.AsTask();
            _running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => End(new ValueTask<Flow>(_running)));
        }
    }

    private void End(ValueTask<Flow> block)
    {
        Exception? failure = null;
        try
        {
            block.GetAwaiter().GetResult();
        }
        catch (FlowControlException)
        {
            // exit in something it called, or a break with no loop around it: its end, as that of a thread task.
        }
        catch (Exception exception)
        {
            failure = FailureOf(exception);
        }

        if (failure is null && TryTakeCancellation())
        {
            // As in asyncio, one that was stopped in its last step is stopped, though no wait has told it.
            failure = new TaskFailedException(Future.CanceledException(Reason), detail: null, new TaskOutput(Output));
        }

        if (failure is not null)
        {
            Fail(failure);
        }
        else
        {
            Succeed(Output.Count == 1 ? Output[0] : new TaskOutput(Output));
        }
    }

    private Exception FailureOf(Exception exception)
    {
        if (exception is not RuntimeException)
        {
            return exception;
        }

        ErrorRecord? record = exception is PipelineStoppedException ? null : ErrorRecords.Of(exception);
        Exception cause = exception is PipelineStoppedException ? new OperationCanceledException("The step was stopped.") : record?.Exception ?? exception;
        return new TaskFailedException(cause, record, new TaskOutput(Output));
    }

    private void Succeed(object? output)
    {
        if (attempt is null)
        {
            Task.Succeed(output);
        }
        else
        {
            attempt.SetResult(output);
        }
    }

    private void Fail(Exception failure)
    {
        if (attempt is null)
        {
            Task.EndWith(failure);
        }
        else
        {
            attempt.SetException(failure);
        }
    }
}
