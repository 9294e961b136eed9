using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>
/// Says in debug mode that a wait will never end. It speaks only where everybody who could end it is known and waits,
/// too: the script, every task and every thread task of the session, on each other or on primitives. A timer, an
/// operation under way, a future that any code may complete, or another runspace that is busy keep it silent.
/// </summary>
/// <remarks>
/// It looks when the loop goes to sleep. What was handed over and is on its way shows, because the one it is for has
/// left the queue of the primitive, or the loop that it was posted to is no longer asleep; and what it has seen must
/// be so once more after a while.
/// </remarks>
internal sealed class DeadlockWatch(AsyncSession session)
{
    private static readonly TimeSpan Confirmation = TimeSpan.FromMilliseconds(250);
    private static readonly ScriptBlock GetRunspaces = OwnScript.Of(@"Microsoft.PowerShell.Utility\Get-Runspace");

    private HashSet<WaitInfo>? _suspected;
    private long _suspectedAt;
    private IDisposable? _lookAgain;

    private enum Verdict
    {
        /// <summary>Somebody may end it.</summary>
        Alive,

        /// <summary>Something is on its way, it seems.</summary>
        Settling,

        /// <summary>Everybody waits.</summary>
        Stuck,
    }

    /// <summary>Called on the loop's thread as it goes to sleep.</summary>
    /// <exception cref="AsyncDeadlockException">Nothing is left that could wake it.</exception>
    public void Look()
    {
        var waits = new HashSet<WaitInfo>(ReferenceEqualityComparer.Instance);
        Verdict verdict = Judge(waits);
        if (verdict == Verdict.Stuck && OthersAreQuiet())
        {
            Confirm(waits);
        }
        else
        {
            _suspected = null;
        }

        if (verdict != Verdict.Alive)
        {
            _lookAgain ??= session.Loop.CallLaterInBackground(Confirmation, () => _lookAgain = null);
        }
    }

    private void Confirm(HashSet<WaitInfo> waits)
    {
        TimeProvider clock = session.Loop.TimeProvider;
        if (_suspected is null || !_suspected.SetEquals(waits))
        {
            _suspected = waits;
            _suspectedAt = clock.GetTimestamp();
        }
        else if (clock.GetElapsedTime(_suspectedAt) >= Confirmation)
        {
            _suspected = null;
            throw new AsyncDeadlockException(
                $"Nothing is left that could end this wait; all who could are waiting themselves:{Environment.NewLine}"
                + string.Join(Environment.NewLine, TaskTree.Draw(session).Select(node => node.Line)));
        }
    }

    private Verdict Judge(HashSet<WaitInfo> waits)
    {
        if (session.Loop.TimerCount > 0)
        {
            return Verdict.Alive;
        }

        bool isSettling = !session.Loop.IsQuiet;
        var tasks = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var buried = new HashSet<WaitInfo>(ReferenceEqualityComparer.Instance);
        foreach (AsyncSession other in session.Family)
        {
            IReadOnlyList<AsyncTask> pending = other.Tasks.GetPending();
            tasks.UnionWith(pending);
            if (other.Loop.TimerCount > 0 || !pending.All(task => IsWaiting(task, waits)))
            {
                return Verdict.Alive;
            }

            isSettling |= other.Tasks.UnsettledCount != pending.Count;
            isSettling |= other != session && other.Loop.IsRunning && !other.Loop.IsAsleep;
            for (WaitInfo? wait = other.Wait; wait is not null; wait = wait.Outer)
            {
                waits.Add(wait);
                if (wait.Outer is not null)
                {
                    buried.Add(wait.Outer);
                }
            }
        }

        Verdict verdict = JudgeThings(waits, buried, tasks);
        return verdict == Verdict.Stuck && isSettling ? Verdict.Settling : verdict;
    }

    private static bool IsWaiting(AsyncTask task, HashSet<WaitInfo> waits)
    {
        if (task.State == AsyncState.NotStarted && task.Queued is not null)
        {
            return true;
        }

        if (task.HasClock || task.Wait is not { } wait)
        {
            return false;
        }

        waits.Add(wait);
        return true;
    }

    private static Verdict JudgeThings(HashSet<WaitInfo> waits, HashSet<WaitInfo> buried, HashSet<object> tasks)
    {
        bool isSettling = false;
        var waiters = new Dictionary<IHasWaiters, int>(ReferenceEqualityComparer.Instance);
        foreach (WaitInfo wait in waits)
        {
            // One in whose turn another began does not end before that, though what it is for be done.
            IReadOnlyList<object> things = buried.Contains(wait) ? [.. wait.Things.Where(static thing => thing is not Future { IsCompleted: true })] : wait.Things;
            if (things.Count == 0 && buried.Contains(wait))
            {
                continue;
            }

            isSettling |= things.Count == 0;
            if (wait.For is null || !things.All(thing => IsKnown(thing, tasks, waiters)))
            {
                return Verdict.Alive;
            }
        }

        isSettling |= waiters.Any(pair => pair.Key.WaiterCount < pair.Value);
        return isSettling ? Verdict.Settling : Verdict.Stuck;
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
            case IHasWaiters primitive:
                waiters[primitive] = waiters.GetValueOrDefault(primitive) + 1;
                return true;
            case IWaitedFor several:
                return several.GetWaitedFor().All(each => IsKnown(each, tasks, waiters));
            default:
                return false;
        }
    }

    /// <summary>A script that runs elsewhere in the process may hold what is waited for.</summary>
    private bool OthersAreQuiet()
    {
        var family = session.Family.Select(member => member.Runspace).ToHashSet();
        return GetRunspaces.Invoke()
            .Select(item => (Runspace)item.BaseObject)
            .All(runspace => runspace.RunspaceAvailability == RunspaceAvailability.Available || family.Contains(runspace) || session.Threads.Owns(runspace));
    }
}
