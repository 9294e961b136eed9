using System.Runtime.CompilerServices;

namespace AsyncJobs.Diagnostics;

/// <summary>
/// What cannot end before the innermost wait of a session does: the tasks whose steps stand beneath it on the stack, and
/// what waits for these and for nothing else.
/// </summary>
/// <param name="session">The session, on its own thread.</param>
/// <param name="isCertain">
/// Whether it must be so whatever anybody does: be they cancelled, those in between go on waiting. Else it is enough that
/// they wait, and that a lock is held by such a task.
/// </param>
internal sealed class WaitGraph(RunspaceLoop session, bool isCertain)
{
    private readonly HashSet<AsyncTask> _standing = session.StandingTasks;

    // A circle of tasks that wait for each other is none of this: while one is looked at it counts as one that may end.
    private readonly Dictionary<object, bool> _known = new(ReferenceEqualityComparer.Instance);
    private bool _dependsOnEndings;

    /// <summary>The first task beneath that was found to be in the way.</summary>
    public AsyncTask? InTheWay { get; private set; }

    /// <summary>Whether they are in the way of a wait: then it waits for ever.</summary>
    public bool Block(WaitInfo wait) => IsBlocked(wait, isInnermost: true) && !(_dependsOnEndings && IsSettling);

    /// <summary>Whether something has ended that those who wait may not have been told of.</summary>
    private bool IsSettling => session.Tasks.UnsettledCount != session.Tasks.PendingCount || !session.Loop.IsQuiet;

    private bool IsBlocked(WaitInfo wait, bool isInnermost = false)
    {
        if (isCertain && !isInnermost && wait.Ending.HasFlag(WaitCompletion.Watching))
        {
            return false;
        }

        IReadOnlyList<object> things = wait.Things;
        if (wait.Ending.HasFlag(WaitCompletion.Limited)
            && !things.All(static thing => thing is AsyncTask { IsCancellationRequested: true }))
        {
            return false;
        }

        if (wait.Ending.HasFlag(WaitCompletion.All))
        {
            return things.Any(IsBlocked);
        }

        // One of them may have ended just now, and so the wait.
        _dependsOnEndings = true;
        return wait.Ending.HasFlag(WaitCompletion.First) && things.Count > 0 && things.All(IsBlocked);
    }

    private bool IsBlocked(object thing)
    {
        if (_known.TryGetValue(thing, out bool isBlocked) || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return isBlocked;
        }

        _known[thing] = false;
        return _known[thing] = thing switch
        {
            AsyncTask task => IsBlocked(task),
            AsyncLock { Holder: AsyncTask holder } => !isCertain && IsBlocked((object)holder),
            IWaitedFor several => several.GetWaitedFor() is { Count: > 0 } waitedFor && waitedFor.All(IsBlocked),
            _ => false,
        };
    }

    private bool IsBlocked(AsyncTask task)
    {
        if (task.IsCompleted)
        {
            return false;
        }

        if (_standing.Contains(task))
        {
            InTheWay ??= task;
            return true;
        }

        // Others end when they are stopped. A coroutine that awaits is stopped with what it awaits, and not before.
        bool goesOnWaiting = task.Kind == AsyncTaskKind.Coroutine && ReferenceEquals(task.Loop, session.Loop);
        return (goesOnWaiting || !isCertain) && task.Wait is { } wait && IsBlocked(wait);
    }
}
