namespace AsyncJobs.Waits;

/// <summary>Waits for what a lock, semaphore, event, condition, barrier, queue or rate limiter hands over.</summary>
internal static class PrimitiveRequest
{
    /// <summary>A wait for what a primitive hands over. One that is cut short has taken nothing, unless settling says otherwise.</summary>
    /// <param name="loop">The loop of the one who waits.</param>
    /// <param name="primitive">What is waited for, for the error.</param>
    /// <param name="start">Starts the wait; it ends soon once its token is cancelled.</param>
    /// <param name="settle">
    /// Called when the wait was cut short, with the wait as it ends: gives back what was handed over at the last instant.
    /// </param>
    /// <param name="limit">How long at most; null for no limit.</param>
    /// <param name="output">What is written in the end; nothing unless given.</param>
    /// <param name="target">The error's target, if not the primitive.</param>
    public static WaitRequest For(
        EventLoop loop,
        object primitive,
        Func<CancellationToken, Task> start,
        Action<Task>? settle = null,
        WaitLimit? limit = null,
        Func<object?>? output = null,
        object? target = null)
    {
        var wait = new PrimitiveWait(loop, start);
        return new WaitRequest
        {
            Until = wait,
            For = primitive,
            Limit = limit,
            WhenLate = () =>
            {
                wait.Cancel(reason: null);
                return true;
            },
            Ending = limit is null ? WaitCompletion.All | WaitCompletion.Watching : WaitCompletion.Open,
            Cancel = wait.Cancel,
            Undo = () =>
            {
                wait.Cancel(reason: null);
                settle?.Invoke(wait.Waiting);
            },
            Output = () => !wait.Waiting.IsCompletedSuccessfully ? null : output is null ? [] : [output()],
            Otherwise = _ =>
            {
                if (wait.Waiting.IsCanceled && limit is { IsLate: true })
                {
                    LoopCommand.Throw(LateError(primitive, limit, target));
                }

                if (wait.Waiting.Exception is { InnerException: { } failure })
                {
                    LoopCommand.Throw(ErrorRecords.ForException(failure, target ?? primitive));
                }
            },
        };
    }

    /// <summary>What is thrown past the limit.</summary>
    public static ErrorRecord LateError(object primitive, WaitLimit limit, object? target = null) =>
        ErrorRecords.ForException(TaskTimeoutException.ForWait($"The wait for {primitive}", limit.Length), target ?? primitive);

    /// <summary>Waits for the end of a cancelled wait, which is near, and undoes it if it ended well.</summary>
    public static Action<Task> Undo(Action undo) => waiting =>
    {
        Task.WaitAny(waiting);
        if (waiting.IsCompletedSuccessfully)
        {
            undo();
        }
    };
}
