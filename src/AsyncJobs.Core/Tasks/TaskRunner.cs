using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Tasks;

/// <summary>One attempt at a task's work.</summary>
/// <param name="task">The task, for its name, attempts and input.</param>
/// <param name="cancellationToken">Cancelled when the task is stopped or its time is up.</param>
/// <returns>The result: one value, or a <see cref="TaskOutput"/> for none or several.</returns>
internal delegate Task<object?> TaskWork(AsyncTask task, CancellationToken cancellationToken);

/// <summary>
/// Takes a task through its life, the same for every kind: permits, attempts, the time limit, and the one final state.
/// </summary>
internal sealed class TaskRunner(EventLoop loop, TaskRegistry? registry)
{
    // The thread tasks whose turn has come on a thread that begins them itself; see BeginNextHere.
    [ThreadStatic]
    private static Queue<QueuedStart>? s_begunHere;

    /// <summary>
    /// Ends the work of a thread task, and begins here, once that is done, the thread tasks that were waiting for it behind
    /// their throttle: the thread that has carried out the one has time for the next, and none has to be woken for it.
    /// </summary>
    /// <param name="end">Completes what the task awaits; everything that follows from it runs here.</param>
    public static void BeginNextHere(Action end)
    {
        var begun = new Queue<QueuedStart>();
        s_begunHere = begun;
        try
        {
            end();
        }
        finally
        {
            // One by one: that which ends as it begins makes room for another.
            while (begun.TryDequeue(out QueuedStart? start))
            {
                start.Execute();
            }

            s_begunHere = null;
        }
    }

    /// <summary>
    /// Makes a task and begins its work. The task's place behind the throttle and semaphore is taken before this returns, so tasks
    /// run in the order in which they were started.
    /// </summary>
    /// <param name="kind">What carries the work.</param>
    /// <param name="work">One attempt at the work.</param>
    /// <param name="options">What is said of the task; may be shared by any number of tasks.</param>
    /// <param name="input">The pipeline object that the task is for.</param>
    /// <param name="streams">The records that the host keeps with the task.</param>
    public AsyncTask Start(AsyncTaskKind kind, TaskWork work, TaskOptions options, object? input = null, object? streams = null)
    {
        AsyncTask task = Make(kind, options, input, streams);
        if (options.Throttle is { } throttle)
        {
            var start = new QueuedStart(task, work, options);
            task.Carrier = start;
            if (!throttle.EnterOrEnqueue(start))
            {
                return task;
            }
        }

        _ = CompleteAsync(task, work, options);
        return task;
    }

    /// <summary>Makes a task with nothing around its work, see <see cref="TaskOptions.ArePlain"/>, for whoever does that by itself.</summary>
    /// <inheritdoc cref="Start"/>
    public AsyncTask MakePlain(AsyncTaskKind kind, TaskOptions options, object? input, object? streams)
    {
        Debug.Assert(options.ArePlain, "what surrounds the work is the runner's");
        return Make(kind, options, input, streams);
    }

    /// <summary>Begins the work of such a task.</summary>
    /// <exception cref="OperationCanceledException">It has been stopped.</exception>
    public static void BeginPlain(AsyncTask task)
    {
        ThrowIfStopped(task);
        task.BeginWork();
        task.Attempts = 1;
    }

    /// <summary>
    /// Runs a task to the end, holding the throttle's permit, and turns what came of it into the final state. Never throws.
    /// </summary>
    private static async Task CompleteAsync(AsyncTask task, TaskWork work, TaskOptions options)
    {
        task.Carrier = null;
        object? output;
        try
        {
            // Stopped just as it got its permit: as in asyncio, work that never began does not begin.
            ThrowIfStopped(task);
            Task<object?> running = options.Repeat is { } repeat
                ? RepeatAsync(task, work, options, repeat)
                : RunPermittedAsync(task, work, options);
            output = await running.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            WaitQueue.Waiter? afterFailed = options.Throttle?.HandOver();
            task.EndWith(exception);
            afterFailed?.Resume();
            return;
        }

        // Permits are given back before the task is seen to end, so whoever awaited it finds them free.
        WaitQueue.Waiter? next = options.Throttle?.HandOver();
        task.Succeed(output);
        next?.Resume();
    }

    private AsyncTask Make(AsyncTaskKind kind, TaskOptions options, object? input, object? streams)
    {
        var task = new AsyncTask(loop, kind, options, input, streams, registry);
        options.Group?.Add(task);
        return task;
    }

    // By itself, since all tasks would pay for what it captures.
    private static Task<object?> RepeatAsync(AsyncTask task, TaskWork work, TaskOptions options, Repetition repeat) =>
        repeat.RunAsync(task, () => RunPermittedAsync(task, work, options));

    /// <summary>Runs the work once, after it has passed the rate limiter and holds its permits.</summary>
    private static Task<object?> RunPermittedAsync(AsyncTask task, TaskWork work, TaskOptions options)
    {
        if (options.RateLimiter is not null)
        {
            return RunRateLimitedAsync(options.RateLimiter, task, work, options);
        }

        if (options.Semaphore is not null || options.Place is not null)
        {
            return RunHoldingPermitsAsync(task, work, options);
        }

        task.BeginWork();
        return RunAsync(task, work, options);
    }

    private static void ThrowIfStopped(AsyncTask task)
    {
        if (task.IsCancellationRequested)
        {
            throw new OperationCanceledException();
        }
    }

    /// <summary>
    /// Runs the work after passing the rate limiter first, so that nobody waits for it holding a permit that others could
    /// use.
    /// </summary>
    private static async Task<object?> RunRateLimitedAsync(AsyncRateLimiter limiter, AsyncTask task, TaskWork work, TaskOptions options)
    {
        task.Wait = new WaitInfo(Place: null, limiter);
        long givenAt = await limiter.TakeAsync(task.StopToken).ConfigureAwait(false);
        task.Wait = null;
        try
        {
            return await RunHoldingPermitsAsync(task, work, options).ConfigureAwait(false);
        }
        finally
        {
            // Stopped before its work began: what it was let through for did not happen.
            if (task.State == AsyncState.NotStarted)
            {
                limiter.Return(givenAt);
            }
        }
    }

    private static async Task<object?> RunHoldingPermitsAsync(AsyncTask task, TaskWork work, TaskOptions options)
    {
        using Permit semaphore = await Permit.EnterAsync(options.Semaphore, task).ConfigureAwait(false);
        using Permit place = await Permit.EnterAsync(options.Place, task).ConfigureAwait(false);

        ThrowIfStopped(task);
        task.BeginWork();
        return await RunAsync(task, work, options).ConfigureAwait(false);
    }

    /// <summary>The work's attempts; for work that is tried once and has no limit, its own task and nothing around it.</summary>
    private static Task<object?> RunAsync(AsyncTask task, TaskWork work, TaskOptions options)
    {
        if (options.Timeout is { } timeout)
        {
            return AttemptWithinAsync(timeout, task, work, options.Retry);
        }

        if (options.Retry.MaximumRetryCount > 0)
        {
            return AttemptAsync(task, work, options.Retry, task.StopToken);
        }

        task.Attempts = 1;

        // A coroutine is told by its control; a token for each of thousands would be memory for nothing.
        return work(task, task.Kind == AsyncTaskKind.Coroutine ? CancellationToken.None : task.StopToken);
    }

    private static async Task<object?> AttemptWithinAsync(TimeSpan timeout, AsyncTask task, TaskWork work, RetryPolicy retry)
    {
        using var deadline = new CancellationTokenSource(timeout, task.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(task.StopToken, deadline.Token);
        try
        {
            return await AttemptAsync(task, work, retry, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsOurs())
        {
            throw TaskTimeoutException.For(task, timeout);
        }
        catch (TaskFailedException failure) when (failure.InnerException is OperationCanceledException && IsOurs())
        {
            throw new TaskFailedException(TaskTimeoutException.For(task, timeout), detail: null, failure.Output);
        }

        // A cancellation that came from elsewhere is never turned into a time-out.
        bool IsOurs() => deadline.IsCancellationRequested && !task.IsCancellationRequested;
    }

    private static async Task<object?> AttemptAsync(AsyncTask task, TaskWork work, RetryPolicy retry, CancellationToken cancellationToken)
    {
        task.Attempts = 0;
        while (true)
        {
            task.Attempts++;
            task.MayBeRetried = task.Attempts <= retry.MaximumRetryCount;
            try
            {
                return await work(task, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (task.MayBeRetried && IsWorthRetrying(exception))
            {
                // Tried again below, outside the handler.
            }

            TraceRecorder.Current?.Add(TraceEventKind.Phase, task.Id, a: "waits before the next attempt");
            await Task.Delay(retry.JitteredDelayAfter(task.Attempts), task.Loop.TimeProvider, cancellationToken).ConfigureAwait(false);
            TraceRecorder.Current?.Add(TraceEventKind.Phase, task.Id);
        }
    }

    private static bool IsWorthRetrying(Exception exception) =>
        exception is not OperationCanceledException && exception is not TaskFailedException { InnerException: OperationCanceledException };

    /// <summary>The start of a task behind its throttle: until its turn comes a task is no more than this.</summary>
    private sealed class QueuedStart(AsyncTask task, TaskWork work, TaskOptions options) : WaitQueue.Waiter, IThreadPoolWorkItem
    {
        /// <summary>Begins here and now where that is the pool: another thread, woken for each task, would cost more than most do.</summary>
        public override void Resume()
        {
            if (task.Kind == AsyncTaskKind.Thread && s_begunHere is { } here)
            {
                here.Enqueue(this);
            }
            else if (Thread.CurrentThread.IsThreadPoolThread && RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                Execute();
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
            }
        }

        public void Execute() => _ = CompleteAsync(task, work, options);
    }

    /// <summary>A permit that is held, or nothing where no semaphore was asked for.</summary>
    private readonly struct Permit(AsyncSemaphore? semaphore, AsyncTask task) : IDisposable
    {
        public static ValueTask<Permit> EnterAsync(AsyncSemaphore? semaphore, AsyncTask task) =>
            semaphore is null || semaphore.TryEnter(task)
                ? ValueTask.FromResult(new Permit(semaphore, task))
                : WaitAsync(semaphore, task);

        public void Dispose() => semaphore?.Release(task);

        private static async ValueTask<Permit> WaitAsync(AsyncSemaphore semaphore, AsyncTask task)
        {
            task.Wait = new WaitInfo(Place: null, semaphore);
            await semaphore.EnterAsync(task, place: null, task.StopToken).ConfigureAwait(false);
            task.Wait = null;
            return new Permit(semaphore, task);
        }
    }
}
