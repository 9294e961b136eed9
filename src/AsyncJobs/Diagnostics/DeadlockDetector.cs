namespace AsyncJobs.Diagnostics;

/// <summary>
/// Whether nobody is left who could end a session's wait: everybody who could is known and waits, too, the script, every
/// task and every thread task of the session, on each other or on primitives. A timer, an operation under way, a future
/// that any code may complete, or another runspace that is busy are somebody.
/// </summary>
/// <remarks>
/// Asked when the loop goes to sleep. What was handed over and is on its way shows, because the one it is for has left
/// the queue of the primitive, or the loop that it was posted to is no longer asleep; and what was seen must be so once
/// more after a while.
/// </remarks>
/// <param name="session">The session.</param>
/// <param name="trustsOthers">Whether another runspace counts as quiet when it says so; not all that do are.</param>
internal sealed class DeadlockDetector(RunspaceLoop session, bool trustsOthers)
{
    private HashSet<WaitInfo>? _suspected;
    private long _suspectedAt;

    /// <summary>Looks whether it has come, and has lasted.</summary>
    /// <param name="confirmation">How long it must last.</param>
    public DeadlockState Look(TimeSpan confirmation)
    {
        (DeadlockState verdict, HashSet<WaitInfo> waits) = Judge();
        TimeProvider clock = session.Loop.Clock;
        if (verdict != DeadlockState.Stuck)
        {
            _suspected = null;
        }
        else if (_suspected?.SetEquals(waits) != true)
        {
            (_suspected, _suspectedAt) = (waits, clock.GetTimestamp());
            verdict = DeadlockState.Settling;
        }
        else if (clock.GetElapsedTime(_suspectedAt) < confirmation)
        {
            verdict = DeadlockState.Settling;
        }
        else if (!OtherRunspaces.AreQuiet(session, trustsOthers)
            || Judge() is not (DeadlockState.Stuck, { } still)
            || !waits.SetEquals(still))
        {
            // To ask for the others runs script, and so whatever the engine had to do for its events.
            _suspected = null;
            verdict = DeadlockState.Settling;
        }

        return verdict;
    }

    public void Forget() => _suspected = null;

    private (DeadlockState DeadlockState, HashSet<WaitInfo> Waits) Judge()
    {
        var waits = new HashSet<WaitInfo>(ReferenceEqualityComparer.Instance);
        return (Judge(waits), waits);
    }

    private DeadlockState Judge(HashSet<WaitInfo> waits)
    {
        if (session.Loop.TimerCount > 0)
        {
            return DeadlockState.Alive;
        }

        bool isSettling = !session.Loop.IsQuiet;
        HashSet<AsyncTask> standing = session.StandingTasks;
        var tasks = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var buried = new HashSet<WaitInfo>(ReferenceEqualityComparer.Instance);
        foreach (RunspaceLoop other in session.Members)
        {
            IReadOnlyList<AsyncTask> pending = other.Tasks.GetPending();
            tasks.UnionWith(pending);
            bool isAtWork = other != session && !other.IsWorker && other.Wait is null;
            if (isAtWork || other.Loop.TimerCount > 0 || !pending.All(task => IsWaiting(task, standing, waits)))
            {
                return DeadlockState.Alive;
            }

            isSettling |= other.Tasks.UnsettledCount != pending.Count;
            isSettling |= other != session && other.Loop.IsRunning && !other.Loop.IsAsleep;
            for (TurnInfo? wait = other.Wait; wait is not null; wait = wait.Outer)
            {
                waits.Add(wait);
                if (wait.Outer is not null)
                {
                    buried.Add(wait.Outer);
                }
            }
        }

        DeadlockState verdict = JudgeThings(waits, buried, tasks);
        return verdict == DeadlockState.Stuck && isSettling ? DeadlockState.Settling : verdict;
    }

    private static bool IsWaiting(AsyncTask task, HashSet<AsyncTask> standing, HashSet<WaitInfo> waits)
    {
        // One whose step stands on the stack is told of nothing before what stands on top of it has ended, not of its
        // time limit either.
        bool isStanding = standing.Contains(task);
        if (!isStanding && task.State == AsyncState.NotStarted && task.Queued is not null)
        {
            return true;
        }

        if (task.Wait is { } wait)
        {
            waits.Add(wait);
            return isStanding || !task.HasClock;
        }

        return isStanding;
    }

    private static DeadlockState JudgeThings(HashSet<WaitInfo> waits, HashSet<WaitInfo> buried, HashSet<object> tasks)
    {
        bool isSettling = false;
        var waiters = new Dictionary<IHasWaiters, int>(ReferenceEqualityComparer.Instance);
        foreach (WaitInfo wait in waits)
        {
            // One in whose turn another began does not end before that, though what it is for be done.
            bool isBuried = buried.Contains(wait);
            if (isBuried && wait is TurnInfo { IsOver: true })
            {
                continue;
            }

            IReadOnlyList<object> things = isBuried
                ? [.. wait.Things.Where(static thing => thing is not Future { IsCompleted: true })]
                : wait.Things;
            if (things.Count == 0 && isBuried)
            {
                continue;
            }

            isSettling |= things.Count == 0;
            if (wait.For is null || !things.All(thing => IsKnown(thing, tasks, waiters)))
            {
                return DeadlockState.Alive;
            }
        }

        isSettling |= waiters.Any(pair => pair.Key.WaiterCount < pair.Value);
        return isSettling ? DeadlockState.Settling : DeadlockState.Stuck;
    }

    /// <summary>Whether all who could bring it about are among those who wait.</summary>
    private static bool IsKnown(object thing, HashSet<object> tasks, Dictionary<IHasWaiters, int> waiters)
    {
        switch (thing)
        {
            case string:
                return true;
            case AsyncTask task:
                return tasks.Contains(task);
            case AsyncQueue { HasSources: true }:
                return false;
            case IHasWaiters primitive:
                waiters[primitive] = waiters.GetValueOrDefault(primitive) + 1;
                return true;
            case IWaitedFor several:
                return several.GetWaitedFor().All(each => IsKnown(each, tasks, waiters));
            default:
                return false;
        }
    }
}
