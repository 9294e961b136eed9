using System.Management.Automation.Internal;

namespace AsyncJobs;

/// <summary>
/// What some of our cmdlets do with nothing but their arguments, without the cmdlet: calling one costs more
/// than what it does.
/// </summary>
internal static class DirectCommands
{
    /// <summary>Does it, or begins the wait for it.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="first">The primitive.</param>
    /// <param name="second">The second argument, if the cmdlet takes one.</param>
    /// <param name="wait">What to wait for; null if it is done.</param>
    /// <returns>False if the cmdlet has to run: to convert an argument, or for its error.</returns>
    internal delegate bool Beginning(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait);

    private static readonly Dictionary<Type, (Beginning Begin, int Arguments)> Known = new()
    {
        [typeof(EnterAsyncSemaphoreCommand)] = (EnterSemaphore, 1),
        [typeof(UseAsyncSemaphoreCommand)] = (HoldSemaphore, 1),
        [typeof(EnterAsyncLockCommand)] = (EnterLock, 1),
        [typeof(UseAsyncLockCommand)] = (HoldLock, 1),
        [typeof(WaitAsyncEventCommand)] = (WaitEvent, 1),
        [typeof(AddAsyncQueueItemCommand)] = (AddItem, 2),
        [typeof(ReceiveAsyncQueueItemCommand)] = (ReceiveItem, 1),
        [typeof(ExitAsyncSemaphoreCommand)] = (ExitSemaphore, 1),
        [typeof(ExitAsyncLockCommand)] = (ExitLock, 1),
        [typeof(SetAsyncEventCommand)] = (SetEvent, 1),
        [typeof(ClearAsyncEventCommand)] = (ClearEvent, 1),
        [typeof(CompleteAsyncQueueItemCommand)] = (CompleteItem, 1),
    };

    /// <summary>That of a cmdlet called with so many arguments, or null.</summary>
    public static Beginning? Of(Type cmdlet, int arguments) =>
        Known.TryGetValue(cmdlet, out (Beginning Begin, int Arguments) known) && known.Arguments == arguments ? known.Begin : null;

    private static bool EnterSemaphore(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = first.Bare() is AsyncSemaphore semaphore && !semaphore.TryEnter() ? SemaphoreCommand.RequestFor(frame.Session.Loop, semaphore, limit: null) : null;
        return first.Bare() is AsyncSemaphore;
    }

    private static bool HoldSemaphore(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = first.Bare() is AsyncSemaphore semaphore ? SemaphoreCommand.RequestFor(frame.Session.Loop, semaphore, limit: null) with { Exit = semaphore.Release } : null;
        return wait is not null;
    }

    private static bool EnterLock(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = first.Bare() is AsyncLock entered ? LockCommand.RequestFor(frame.Session, entered, frame.Task, limit: null) : null;
        return wait is not null;
    }

    private static bool HoldLock(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = first.Bare() is AsyncLock entered
            ? LockCommand.RequestFor(frame.Session, entered, frame.Task, limit: null) with { Exit = LockCommand.LeavingOf(frame.Session, entered) }
            : null;
        return wait is not null;
    }

    private static bool WaitEvent(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = first.Bare() is AsyncEvent { IsSet: false } awaited ? PrimitiveRequest.For(frame.Session.Loop, awaited, awaited.WaitAsync) : null;
        return first.Bare() is AsyncEvent;
    }

    private static bool AddItem(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = null;
        if (first.Bare() is not AsyncQueue queue)
        {
            return false;
        }

        try
        {
            wait = queue.TryPut(second) ? null : AddAsyncQueueItemCommand.RequestFor(frame.Session.Loop, queue, second, priority: 0, limit: null);
            return true;
        }
        catch (QueueShutDownException)
        {
            return false;
        }
    }

    private static bool ReceiveItem(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = null;
        if (first.Bare() is not AsyncQueue queue)
        {
            return false;
        }

        try
        {
            if (!queue.TryTake(out QueueEntry? entry))
            {
                wait = ReceiveAsyncQueueItemCommand.RequestFor(frame.Session.Loop, queue, limit: null).Wait;
            }
            else if (!ReferenceEquals(entry.Item, AutomationNull.Value))
            {
                frame.Output.Add(entry.Item);
            }

            return true;
        }
        catch (QueueShutDownException)
        {
            return false;
        }
    }

    private static bool ExitSemaphore(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = null;
        return first.Bare() is AsyncSemaphore semaphore && Succeeds(semaphore.Release);
    }

    private static bool ExitLock(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = null;
        return first.Bare() is AsyncLock left && Succeeds(LockCommand.LeavingOf(frame.Session, left));
    }

    private static bool SetEvent(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = null;
        return first.Bare() is AsyncEvent changed && Succeeds(changed.Set);
    }

    private static bool ClearEvent(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = null;
        return first.Bare() is AsyncEvent changed && Succeeds(changed.Clear);
    }

    private static bool CompleteItem(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
    {
        wait = null;
        return first.Bare() is AsyncQueue queue && Succeeds(queue.TaskDone);
    }

    // What fails has changed nothing, and fails again in the cmdlet.
    private static bool Succeeds(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is SynchronizationLockException or SemaphoreFullException or InvalidStateException)
        {
            return false;
        }
    }
}
