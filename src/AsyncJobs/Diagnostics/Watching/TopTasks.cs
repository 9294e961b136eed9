namespace AsyncJobs.Diagnostics.Watching;

/// <summary>The first so many tasks by time, the longest first, out of any number; the others cost next to nothing.</summary>
/// <param name="capacity">How many.</param>
internal sealed class TopTasks(int capacity)
{
    // The shortest comes out first.
    private readonly PriorityQueue<WatchedTask, TimeSpan> _top = new();

    /// <summary>How many tasks were offered.</summary>
    public int Count { get; private set; }

    public void Offer(WatchedTask task)
    {
        Count++;
        if (_top.Count < capacity)
        {
            _top.Enqueue(task, task.Time);
        }
        else if (capacity > 0)
        {
            _top.EnqueueDequeue(task, task.Time);
        }
    }

    /// <summary>The first of them.</summary>
    public IEnumerable<WatchedTask> Take(int count) => _top.UnorderedItems
        .Select(static item => item.Element)
        .OrderByDescending(static task => task.Time)
        .ThenBy(static task => task.Task.Id)
        .Take(count);
}
