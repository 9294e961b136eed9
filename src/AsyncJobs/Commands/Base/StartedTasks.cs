namespace AsyncJobs.Commands.Base;

/// <summary>The tasks that one cmdlet has started and that are not done, for when its pipeline is stopped.</summary>
internal sealed class StartedTasks
{
    private readonly List<AsyncTask> _tasks = [];
    private int _pruneAt = 64;

    /// <summary>Whether any of them is not done.</summary>
    public bool AnyPending => _tasks.Exists(static task => !task.IsCompleted);

    /// <summary>Adds one.</summary>
    public void Add(AsyncTask task)
    {
        if (_tasks.Count >= _pruneAt)
        {
            // Each time twice as many as were left: so what is done is not held, and the looking costs a task next to nothing.
            _tasks.RemoveAll(static known => known.IsCompleted);
            _pruneAt = Math.Max(64, 2 * _tasks.Count);
        }

        _tasks.Add(task);
    }

    /// <summary>Cancels those that are not done.</summary>
    public void StopAll(string reason) => _tasks.ForEach(task => task.Cancel(reason));
}
