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
        [typeof(EnterAsyncSemaphoreCommand)] = (Waiting<AsyncSemaphore>(EnterSemaphore), 1),
        [typeof(UseAsyncSemaphoreCommand)] = (Waiting<AsyncSemaphore>(HoldSemaphore), 1),
        [typeof(EnterAsyncLockCommand)] = (Waiting<AsyncLock>(EnterLock), 1),
        [typeof(UseAsyncLockCommand)] = (Waiting<AsyncLock>(HoldLock), 1),
        [typeof(WaitAsyncEventCommand)] = (Waiting<AsyncEvent>(WaitEvent), 1),
        [typeof(AddAsyncQueueItemCommand)] = (Waiting<AsyncQueue>(AddItem), 2),
        [typeof(ReceiveAsyncQueueItemCommand)] = (Waiting<AsyncQueue>(ReceiveItem), 1),
        [typeof(ExitAsyncSemaphoreCommand)] = (Doing<AsyncSemaphore>(static (_, semaphore) => semaphore.Release()), 1),
        [typeof(ExitAsyncLockCommand)] = (Doing<AsyncLock>(static (frame, left) => LockCommand.LeavingOf(frame.Session, left)()), 1),
        [typeof(SetAsyncEventCommand)] = (Doing<AsyncEvent>(static (_, changed) => changed.Set()), 1),
        [typeof(ClearAsyncEventCommand)] = (Doing<AsyncEvent>(static (_, changed) => changed.Clear()), 1),
        [typeof(CompleteAsyncQueueItemCommand)] = (Doing<AsyncQueue>(static (_, queue) => queue.TaskDone()), 1),
    };

    /// <summary>That of a cmdlet called with so many arguments, or null.</summary>
    public static Beginning? Of(Type cmdlet, int arguments) =>
        Known.TryGetValue(cmdlet, out (Beginning Begin, int Arguments) known) && known.Arguments == arguments ? known.Begin : null;

    /// <summary>What is done to a primitive, and may have to wait.</summary>
    /// <param name="begin">Does it, with the command's second argument; null says that it is done.</param>
    private static Beginning Waiting<T>(Func<CoroutineFrame, T, object?, WaitRequest?> begin)
        where T : class =>
        (CoroutineFrame frame, object? first, object? second, out WaitRequest? wait) =>
        {
            wait = null;
            if (first.Bare() is not T primitive)
            {
                return false;
            }

            try
            {
                wait = begin(frame, primitive, second);
                return true;
            }
            catch (Exception exception) when (exception is SynchronizationLockException or SemaphoreFullException or InvalidStateException or QueueShutDownException)
            {
                // What fails has changed nothing, and fails again in the cmdlet.
                return false;
            }
        };

    private static Beginning Doing<T>(Action<CoroutineFrame, T> action)
        where T : class =>
        Waiting<T>((frame, primitive, _) =>
        {
            action(frame, primitive);
            return null;
        });

    private static WaitRequest? EnterSemaphore(CoroutineFrame frame, AsyncSemaphore semaphore, object? none) =>
        semaphore.TryEnter() ? null : SemaphoreCommand.RequestFor(frame.Session.Loop, semaphore, limit: null);

    private static WaitRequest HoldSemaphore(CoroutineFrame frame, AsyncSemaphore semaphore, object? none) =>
        SemaphoreCommand.RequestFor(frame.Session.Loop, semaphore, limit: null) with { Exit = semaphore.Release };

    private static WaitRequest EnterLock(CoroutineFrame frame, AsyncLock entered, object? none) =>
        LockCommand.RequestFor(frame.Session, entered, frame.Task, limit: null);

    private static WaitRequest HoldLock(CoroutineFrame frame, AsyncLock entered, object? none) =>
        EnterLock(frame, entered, none) with { Exit = LockCommand.LeavingOf(frame.Session, entered) };

    private static WaitRequest? WaitEvent(CoroutineFrame frame, AsyncEvent awaited, object? none) =>
        awaited.IsSet ? null : PrimitiveRequest.For(frame.Session.Loop, awaited, awaited.WaitAsync);

    private static WaitRequest? AddItem(CoroutineFrame frame, AsyncQueue queue, object? item) =>
        queue.TryPut(item) ? null : AddAsyncQueueItemCommand.RequestFor(frame.Session.Loop, queue, item, priority: 0, limit: null);

    private static WaitRequest? ReceiveItem(CoroutineFrame frame, AsyncQueue queue, object? none)
    {
        if (!queue.TryTake(out QueueEntry? entry))
        {
            return ReceiveAsyncQueueItemCommand.RequestFor(frame.Session.Loop, queue, limit: null).Wait;
        }

        if (!ReferenceEquals(entry.Item, AutomationNull.Value))
        {
            frame.WriteObject(entry.Item);
        }

        return null;
    }
}
