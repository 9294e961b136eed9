namespace AsyncJobs.Waits;

/// <summary>
/// What a group's block wrote, on its way out: in order, each task of the group in the form of its own output. So
/// nothing passes a task that is not done.
/// </summary>
internal sealed class GroupOutput
{
    private readonly Queue<object?> _written = new();
    private readonly HashSet<AsyncTask> _members = [];

    /// <summary>Takes what the block wrote.</summary>
    /// <param name="value">The object.</param>
    /// <param name="isMember">Whether it is a task of the group.</param>
    public void Add(object? value, bool isMember)
    {
        _written.Enqueue(value);
        if (isMember)
        {
            _members.Add((AsyncTask)value.Unwrap()!);
        }
    }

    /// <summary>Hands on what may go now.</summary>
    /// <param name="write">Gets each object.</param>
    public void Flush(Action<object?> write)
    {
        while (_written.TryPeek(out object? next))
        {
            if (next.Unwrap() is not AsyncTask task || !_members.Contains(task))
            {
                write(_written.Dequeue());
            }
            else if (task.IsCompleted)
            {
                _written.Dequeue();
                foreach (object? item in task.Output)
                {
                    write(item);
                }
            }
            else
            {
                return;
            }
        }
    }
}
