namespace AsyncJobs.Waits;

/// <summary>
/// One run of a group's block, from before it begins until the group is left; the same whoever runs the block, a cmdlet
/// or a coroutine. On the loop's thread.
/// </summary>
internal sealed class TaskGroupRun
{
    private readonly RunspaceLoop _session;
    private readonly GroupContext _outer;
    private readonly GroupOutput _output = new();

    /// <summary>Begins: from here on what is started belongs to the group.</summary>
    /// <param name="session">The session.</param>
    /// <param name="name">The group's name, or null.</param>
    public TaskGroupRun(RunspaceLoop session, string? name)
    {
        _session = session;
        _outer = session.GroupContext;
        IParentTask owner = _outer.Owner ?? new ScriptParent(session.Loop);
        Group = new AsyncTaskGroup(session.Loop, owner, name);
        Context = new GroupContext(owner, Group);
        session.GroupContext = Context;
    }

    public AsyncTaskGroup Group { get; }

    /// <summary>What the block runs in; a coroutine puts it in place for each of its steps.</summary>
    public GroupContext Context { get; }

    /// <summary>Takes what the block writes.</summary>
    /// <param name="written">The object.</param>
    /// <param name="write">Writes what may go out now.</param>
    public void Add(object? written, Action<object?> write)
    {
        _output.Add(written, written.Unwrap() is AsyncTask task && task.Group == Group);
        _output.Flush(write);
    }

    /// <summary>Writes what may go out now; also while the group waits for its end.</summary>
    public void Flush(Action<object?> write) => _output.Flush(write);

    /// <summary>The block has ended.</summary>
    /// <param name="failure">What it threw, or null.</param>
    /// <returns>Done when the group has ended. Cancelling that wait is <see cref="Interrupt"/>.</returns>
    public Future Leave(Exception? failure) => Group.Leave(failure is null ? null : FaultOf(failure));

    /// <summary>The wait for the end is cancelled: the tasks are stopped, and the wait goes on.</summary>
    public bool Interrupt(string? reason)
    {
        Group.Interrupt(reason);
        return true;
    }

    /// <summary>The group has been left, in whatever way: what is started from here on is none of its own.</summary>
    public void Restore() => _session.GroupContext = _outer;

    /// <summary>Writes what is left, then throws if anything failed; after the end, and after <see cref="Restore"/>.</summary>
    public void Finish(Action<object?> write)
    {
        GroupOutcome outcome = Group.Close();
        _output.Flush(write);
        if (outcome.HasFailed)
        {
            var exception = TaskGroupException.Of(Group, outcome);
            throw ScriptThrow.Of(new ErrorRecord(exception, ErrorIds.TaskGroupFailed, ErrorCategory.NotSpecified, Group));
        }

        if (outcome.Cancellation is { } cancellation)
        {
            throw ScriptThrow.Of(cancellation.Detail as ErrorRecord ?? ErrorRecords.ForException(cancellation.Exception, Group));
        }
    }

    private static Fault FaultOf(Exception failure)
    {
        ErrorRecord? record = (failure as IContainsErrorRecord)?.ErrorRecord;
        return new Fault(record?.Exception ?? failure, record);
    }
}
