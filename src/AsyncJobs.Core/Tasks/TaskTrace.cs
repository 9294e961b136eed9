namespace AsyncJobs.Core.Tasks;

/// <summary>
/// What a trace records of a task: of what it is for only a reference to a text, an address, a number or a file, never to an
/// object that the trace would keep alive.
/// </summary>
internal static class TaskTrace
{
    private const int LargestGroup = 8;

    /// <summary>Records that a task was made, or what is known of one that was made before the trace.</summary>
    public static void Created(TraceRecorder trace, AsyncTask task) => trace.Add(
        TraceEventKind.Created, task.Id, task.Loop.Id, (byte)task.Kind, InputOf(task), task.Traced);

    /// <summary>Records what is known of tasks that were started before the trace.</summary>
    public static void Known(TraceRecorder trace, TaskRegistry registry)
    {
        foreach (AsyncTask task in registry.GetPending())
        {
            Created(trace, task);
            if (task.State == AsyncState.Running)
            {
                trace.Add(TraceEventKind.Begun, task.Id);
            }

            if (task.Wait is { } wait)
            {
                WaitChanged(trace, task, wait);
            }
        }
    }

    public static void WaitChanged(TraceRecorder trace, AsyncTask task, WaitInfo? wait)
    {
        if (wait is null)
        {
            Resumed(trace, task);
        }
        else
        {
            Waits(trace, task.Id, wait);
        }
    }

    /// <summary>The task's own work goes on, here and now.</summary>
    public static void Resumed(TraceRecorder trace, AsyncTask task) =>
        trace.Add(TraceEventKind.Resumed, task.Id, detail: (byte)task.Kind);

    /// <summary>The script of a loop's own thread waits, or goes on.</summary>
    public static void ScriptWaitChanged(TraceRecorder trace, EventLoop loop, WaitInfo? wait)
    {
        if (wait is null)
        {
            trace.Add(TraceEventKind.Resumed, -loop.Id);
        }
        else
        {
            Waits(trace, -loop.Id, wait);
        }
    }

    public static void Ended(TraceRecorder trace, AsyncTask task) =>
        trace.Add(TraceEventKind.Ended, task.Id, detail: (byte)task.State, a: task.Fault?.Exception.Message);

    /// <summary>What a task is for, where that is small and says something: <see cref="TaskSubject"/> puts it into a word later.</summary>
    private static object? InputOf(AsyncTask task)
    {
        object? input = task.Loop.Terms.Unwrap(task.InputObject);
        return input is string or Uri or FileSystemInfo or (ValueType and IFormattable) ? input : null;
    }

    private static void Waits(TraceRecorder trace, int task, WaitInfo wait)
    {
        (TraceSubjectKind kind, object? subject, int other) = SubjectOf(trace, wait);
        trace.Add(TraceEventKind.Waits, task, other, (byte)kind, wait.Place?.Bare, subject);
    }

    private static (TraceSubjectKind Kind, object? Subject, int Other) SubjectOf(TraceRecorder trace, WaitInfo wait) => wait.For switch
    {
        AsyncTask task => (TraceSubjectKind.Task, null, task.Id),
        IWaitedFor or IReadOnlyList<Future> when wait.Things is var things => things is [AsyncTask only]
            ? (TraceSubjectKind.Task, null, only.Id)
            : (TraceSubjectKind.Task, GroupOf(things), 0),
        Future future => (TraceSubjectKind.Future, future.GivenName, 0),
        AsyncLock held => (TraceSubjectKind.Lock, SubjectOf(trace, held), HolderOf(held)),
        AsyncSemaphore semaphore => (TraceSubjectKind.Semaphore, SubjectOf(trace, semaphore), 0),
        AsyncQueue queue => (SideOf(queue, wait.Place), trace.SubjectOf(queue, queue.Name), 0),
        AsyncEvent signal => (TraceSubjectKind.Event, trace.SubjectOf(signal, signal.Name), 0),
        AsyncCondition condition => (TraceSubjectKind.Condition, trace.SubjectOf(condition, condition.Name), HolderOf(condition.Lock)),
        AsyncBarrier barrier => (TraceSubjectKind.Barrier, trace.SubjectOf(barrier, barrier.Name), 0),
        AsyncRateLimiter limiter => (TraceSubjectKind.RateLimiter, trace.SubjectOf(limiter, limiter.Name), 0),
        string words => (TraceSubjectKind.Other, words, 0),
        IHostWait pause => (TraceSubjectKind.Host, pause.ToString(), 0),
        null => (TraceSubjectKind.Other, null, 0),
        var other => (TraceSubjectKind.Other, other.GetType().Name, 0),
    };

    private static TraceSubject SubjectOf(TraceRecorder trace, AsyncLock held)
    {
        TraceSubject subject = trace.SubjectOf(held, held.Name);
        return held.Holder is IScriptPlace place ? subject with { HeldAt = place.Bare } : subject;
    }

    private static TraceSubject SubjectOf(TraceRecorder trace, AsyncSemaphore semaphore) => trace.SubjectOf(semaphore, semaphore.Name) with
    {
        UsedBy = [.. semaphore.GetHolders().OfType<AsyncTask>().Take(LargestGroup).Select(static task => task.Id)],
    };

    // A plain script that holds it has a place, but no number.
    private static int HolderOf(AsyncLock held) => held.Holder is AsyncTask holder ? holder.Id : 0;

    private static TraceSubjectKind SideOf(AsyncQueue queue, IScriptPlace? place) =>
        place?.Command == "Wait-AsyncQueue" ? TraceSubjectKind.QueueDone
        : queue.Capacity > 0 && queue.Count >= queue.Capacity ? TraceSubjectKind.QueueRoom
        : TraceSubjectKind.QueueItem;

    private static TraceGroup GroupOf(IReadOnlyList<object> things) =>
        new(things.Count, [.. things.OfType<AsyncTask>().Take(LargestGroup).Select(static task => task.Id)]);
}
