using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// Tasks that end together (asyncio's <c>TaskGroup</c>): the group is left when its block and all its tasks have ended,
/// and the first failure stops the rest and the block. Safe from any thread.
/// </summary>
[DebuggerDisplay("AsyncTaskGroup {Name} {State}, {Count} pending")]
public sealed class AsyncTaskGroup : IWaitedFor
{
    private readonly IParentTask _parent;
    private readonly Future _ended;
    private readonly object _gate = new();

    // All under _gate. Invariant: the state is Ended if and only if the block has been left and no task is pending.
    private readonly HashSet<AsyncTask> _pending = [];
    private readonly List<Future> _failed = [];
    private volatile TaskGroupState _state;
    private bool _isLeft;
    private bool _hasCancelledParent;
    private Fault? _blockFault;
    private Fault? _cancellation;
    private volatile InvalidStateException? _refusal;
    private int _addedCount;

    internal AsyncTaskGroup(EventLoop loop, IParentTask parent, string? name = null)
    {
        _parent = parent;
        _ended = new Future(loop, name);
        Name = name;
    }

    /// <summary>The group's name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>The group's state.</summary>
    public TaskGroupState State => _state;

    /// <summary>How many of the group's tasks are not done.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>How many tasks the group has had.</summary>
    internal int AddedCount => Volatile.Read(ref _addedCount);

    /// <summary>How many of them have failed.</summary>
    internal int FailedCount
    {
        get
        {
            lock (_gate)
            {
                return _failed.Count;
            }
        }
    }

    /// <summary>Called for each task as it is added, on whichever thread adds it.</summary>
    internal Action<AsyncTask>? TaskAdded { get; set; }

    /// <summary>The group's tasks that are not done, oldest first.</summary>
    public IReadOnlyList<AsyncTask> GetTasks()
    {
        lock (_gate)
        {
            return [.. _pending.OrderBy(task => task.Id)];
        }
    }

    IReadOnlyList<object> IWaitedFor.GetWaitedFor() => GetTasks();

    /// <summary>The group's name and state.</summary>
    public override string ToString() => $"{Label.Of("AsyncTaskGroup", Name)} ({State}, {Count} pending)";

    /// <summary>Refuses a task that would come too late; asked before the task is made, so that its work never begins.</summary>
    /// <exception cref="InvalidStateException">The group has ended or is being stopped.</exception>
    internal void ThrowIfClosed()
    {
        TaskGroupState state = State;
        if (state != TaskGroupState.Running)
        {
            string why = state == TaskGroupState.Ended
                ? "it has ended"
                : "it is stopping, because something in it failed or it was cancelled";
            throw _refusal = new InvalidStateException($"{Label.Of("The task group", Name)} takes no more tasks: {why}.");
        }
    }

    /// <summary>Takes a task in, before its work begins. One that comes in the instant the group stops is stopped with the rest.</summary>
    internal void Add(AsyncTask task)
    {
        bool isRunning;
        lock (_gate)
        {
            isRunning = _state == TaskGroupState.Running;
            if (isRunning)
            {
                _pending.Add(task);
                _addedCount++;
            }
        }

        task.MarkObserved();
        if (isRunning)
        {
            TaskAdded?.Invoke(task);
            task.OnCompleted(TaskEnded);
        }
        else
        {
            task.Cancel("its group is stopping");
        }
    }

    /// <summary>Notes that the block has ended. If it failed or was cancelled, the tasks are stopped.</summary>
    /// <param name="fault">How the block failed or was cancelled; null if it ended well.</param>
    /// <returns>Done when all tasks have ended; then <see cref="Close"/> tells how.</returns>
    internal Future Leave(Fault? fault)
    {
        AsyncTask[] stopping = [];
        bool hasEnded;
        lock (_gate)
        {
            Debug.Assert(!_isLeft, "a block ends once");
            _isLeft = true;
            if (fault?.Exception is OperationCanceledException)
            {
                _cancellation = fault;
            }
            else
            {
                _blockFault = fault;
            }

            if (fault is not null)
            {
                stopping = BeginStoppingNeedsGate();
            }

            hasEnded = TryEndNeedsGate();
        }

        Stop(stopping, "the block of its group failed or was stopped");
        if (hasEnded)
        {
            _ended.SetResult(null);
        }

        return _ended;
    }

    /// <summary>Notes that the wait for the end was cancelled: the tasks are stopped, and the wait goes on until they have ended.</summary>
    internal void Interrupt(string? reason)
    {
        AsyncTask[] stopping;
        lock (_gate)
        {
            if (_state != TaskGroupState.Running)
            {
                return;
            }

            _cancellation = new Fault(Future.CanceledException(reason));
            stopping = BeginStoppingNeedsGate();
        }

        Stop(stopping, "its group was stopped");
    }

    /// <summary>Stops the tasks; nobody waits for the end, and nobody learns how it came.</summary>
    internal void Abandon()
    {
        AsyncTask[] stopping;
        lock (_gate)
        {
            stopping = BeginStoppingNeedsGate();
        }

        Stop(stopping, "its group was stopped");
    }

    /// <summary>Tells how the group ended, and settles the parent's cancellations; once, after the end.</summary>
    internal GroupOutcome Close()
    {
        lock (_gate)
        {
            Debug.Assert(_state == TaskGroupState.Ended, "a group is closed after its end");
        }

        // The cancellation that the group itself asked for is no longer wanted. Are there others, the parent hears of them.
        if (_hasCancelledParent && _parent.Uncancel() == 0)
        {
            _cancellation = null;
        }

        if (_failed.Count > 0 && _blockFault is not null && ReferenceEquals(_blockFault.Exception, _refusal))
        {
            // That the block was refused another task is only a consequence.
            _blockFault = null;
        }

        if (_failed.Count > 0 || _blockFault is not null)
        {
            // Failures come before a cancellation from outside; the parent's next wait is told of that.
            if (_parent.CancellationCount > 0)
            {
                _parent.Uncancel();
                _parent.Cancel(_cancellation?.Exception.Message);
            }

            _cancellation = null;
        }

        return new GroupOutcome(_cancellation, _failed, _blockFault);
    }

    private void TaskEnded(Future task)
    {
        if (task.IsFaulted)
        {
            TaskFailed(task);
        }

        // Only now, so that the group does not end before its failure has been dealt with.
        bool hasEnded;
        lock (_gate)
        {
            _pending.Remove((AsyncTask)task);
            hasEnded = TryEndNeedsGate();
        }

        if (hasEnded)
        {
            _ended.SetResult(null);
        }
    }

    private void TaskFailed(Future task)
    {
        bool cancelsParent;
        AsyncTask[] stopping;
        lock (_gate)
        {
            _failed.Add(task);
            cancelsParent = !_isLeft && _state == TaskGroupState.Running;
            _hasCancelledParent |= cancelsParent;
            stopping = BeginStoppingNeedsGate();
        }

        string reason = $"{task}, of the same group, failed";
        if (cancelsParent)
        {
            _parent.Cancel(reason);
        }

        Stop(stopping, reason);
    }

    private AsyncTask[] BeginStoppingNeedsGate()
    {
        if (_state != TaskGroupState.Running)
        {
            return [];
        }

        _state = TaskGroupState.Stopping;
        return [.. _pending];
    }

    private bool TryEndNeedsGate()
    {
        if (!_isLeft || _pending.Count > 0 || _state == TaskGroupState.Ended)
        {
            return false;
        }

        _state = TaskGroupState.Ended;
        return true;
    }

    /// <summary>Stops tasks, outside the gate: it may end them here and now.</summary>
    private static void Stop(AsyncTask[] tasks, string reason)
    {
        foreach (AsyncTask task in tasks.Where(static task => !task.IsStoppedWithSession))
        {
            task.Cancel(reason);
        }
    }
}
