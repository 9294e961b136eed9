namespace AsyncJobs.Core.Tasks;

/// <summary>
/// What one reader takes of a task's output while the task still writes it, and the rest once it has ended: each object
/// once and in order.
/// </summary>
/// <param name="task">The task.</param>
/// <param name="announce">Told on the writing thread that there is something to read.</param>
internal sealed class LiveOutput(AsyncTask task, Action<LiveOutput> announce)
{
    private readonly Queue<object?> _unread = new();

    // How many objects the task has written up to the last that was put in; under the queue's lock.
    private int _seen;

    /// <summary>Puts in what is new of a list that begins at a place in all that the task writes.</summary>
    public void Add(IReadOnlyList<object?> written, int place)
    {
        lock (_unread)
        {
            // What was dropped before anybody read is nobody's any more.
            _seen = Math.Max(_seen, place);
            int known = _seen;
            for (; _seen < place + written.Count; _seen++)
            {
                _unread.Enqueue(written[_seen - place]);
            }

            if (_seen == known)
            {
                return;
            }
        }

        announce(this);
    }

    /// <summary>Takes the next object; false where there is none, or none yet.</summary>
    public bool TryRead(out object? written)
    {
        lock (_unread)
        {
            if (_unread.TryDequeue(out written))
            {
                return true;
            }

            TaskOutput output = task.WrittenOutput ?? task.Output;
            int next = Math.Max(_seen - task.DroppedCount, 0);
            if (next >= output.Count)
            {
                return false;
            }

            written = output[next];
            _seen = task.DroppedCount + next + 1;
            return true;
        }
    }
}
