namespace AsyncJobs.Diagnostics.Watching;

/// <summary>
/// Looks at tasks again and again: at some that were chosen, or at all that a session has. Holds none that has ended, but
/// the chosen. On the session's own thread.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="chosen">The tasks; null for all.</param>
internal sealed class TaskWatch(RunspaceLoop session, IReadOnlyList<AsyncTask>? chosen)
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _clock = session.Loop.Clock;
    private readonly long _begunAt = session.Loop.Clock.GetTimestamp();
    private readonly TaskTotals _before = chosen is null ? session.Tasks.Totals : default;

    // Since when each task has been seen in its wait, by the last sample and by the next.
    private Dictionary<AsyncTask, (WaitInfo Wait, long Since)> _waits = [];
    private Dictionary<AsyncTask, (WaitInfo Wait, long Since)> _nextWaits = [];

    private readonly Queue<(long At, long Started, long Ended)> _history = new();
    private TimeSpan _lag;

    // So many of the chosen, in their order, have ended.
    private int _endedCount;

    /// <summary>How long a failure is shown.</summary>
    public static TimeSpan FailureTime => TimeSpan.FromSeconds(10);

    /// <summary>Time since the watch began.</summary>
    public TimeSpan Elapsed => _clock.GetElapsedTime(_begunAt);

    /// <summary>Whether nothing is left to look at.</summary>
    public bool IsOver
    {
        get
        {
            if (chosen is null)
            {
                return session.Tasks.PendingCount == 0;
            }

            // Asked at every turn of the loop.
            while (_endedCount < chosen.Count && chosen[_endedCount].IsCompleted)
            {
                _endedCount++;
            }

            return _endedCount == chosen.Count;
        }
    }

    /// <summary>Notes by how much a callback came late.</summary>
    public void NoteLag(TimeSpan lag) => _lag = lag > _lag ? lag : _lag;

    /// <summary>The tasks that have failed and that <paramref name="known"/> does not have yet; it has them then.</summary>
    public IReadOnlyList<AsyncTask> TakeFailures(HashSet<int> known)
    {
        List<AsyncTask> failures = [.. GetFailed(TimeSpan.MaxValue).Where(task => known.Add(task.Id))];
        failures.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        return failures;
    }

    /// <summary>Looks.</summary>
    /// <param name="rows">How many tasks are wanted.</param>
    /// <param name="isLast">Whether it is the last time: then all failures are of interest, not the latest alone.</param>
    public WatchSample Look(int rows, bool isLast = false)
    {
        long now = _clock.GetTimestamp();
        (TopTasks running, TopTasks waiting, TopTasks queued) = (new(rows), new(rows), new(rows));
        IReadOnlyList<AsyncTask> tasks = chosen ?? session.Tasks.GetPending();
        TaskTotals totals = default;
        _nextWaits.Clear();
        foreach (AsyncTask task in tasks)
        {
            AsyncState state = task.State;
            if (chosen is not null)
            {
                totals.Count(state);
            }

            WaitInfo? wait = task.Wait;
            if (state == AsyncState.NotStarted)
            {
                queued.Offer(new(task, WatchedState.Queued, wait, task.Age));
            }
            else if (state == AsyncState.Running && wait is null)
            {
                running.Offer(new(task, WatchedState.Running, wait, task.Duration));
            }
            else if (state == AsyncState.Running)
            {
                waiting.Offer(new(task, WatchedState.Waiting, wait, _clock.GetElapsedTime(SinceWhen(task, wait!, now), now)));
            }
        }

        (_waits, _nextWaits) = (_nextWaits, _waits);
        totals = chosen is null ? session.Tasks.Totals - _before : totals;
        List<WatchedTask> shown = Choose(rows, isLast, running, waiting, queued);
        var sample = new WatchSample
        {
            IsLast = isLast,
            Elapsed = Elapsed,
            Pending = (running.Count, waiting.Count, queued.Count),
            Ended = (totals.Completed, totals.Failed, totals.Stopped),
            Rates = RatesAt(now, totals),
            Lag = _lag,
            Tasks = shown,
            MoreCount = running.Count + waiting.Count + queued.Count - shown.Count(static task => task.State != WatchedState.Failed),
        };
        _lag = TimeSpan.Zero;
        return sample;
    }

    /// <summary>A quarter of the rows for failures, and half of the rest for each of those that run and that wait, where there are so many.</summary>
    private List<WatchedTask> Choose(int rows, bool isLast, TopTasks running, TopTasks waiting, TopTasks queued)
    {
        int left = rows;
        var shown = new List<WatchedTask>(rows);
        void Add(IEnumerable<WatchedTask> tasks)
        {
            int before = shown.Count;
            shown.AddRange(tasks);
            left -= shown.Count - before;
        }

        Add(GetFailed(isLast ? TimeSpan.MaxValue : FailureTime)
            .Select(static task => new WatchedTask(task, WatchedState.Failed, Wait: null, task.Duration))
            .OrderBy(static task => task.Task.SinceEnd)
            .Take(isLast ? rows : (rows + 3) / 4));
        Add(running.Take(Math.Max((left + 1) / 2, left - waiting.Count)));
        Add(waiting.Take(left));
        Add(queued.Take(left));
        return shown;
    }

    private IEnumerable<AsyncTask> GetFailed(TimeSpan within)
    {
        TimeSpan longest = within < Elapsed || chosen is not null ? within : Elapsed;
        return (chosen ?? session.Tasks.GetDone()).Where(task => task.State == AsyncState.Failed && task.SinceEnd <= longest);
    }

    private long SinceWhen(AsyncTask task, WaitInfo wait, long now)
    {
        long since = _waits.TryGetValue(task, out (WaitInfo Wait, long Since) known) && ReferenceEquals(known.Wait, wait) ? known.Since : now;
        _nextWaits[task] = (wait, since);
        return since;
    }

    private (double Started, double Ended) RatesAt(long now, TaskTotals totals)
    {
        _history.Enqueue((now, totals.Started, totals.Ended));
        while (_history.Count > 2 && _clock.GetElapsedTime(_history.Peek().At, now) > RateWindow)
        {
            _history.Dequeue();
        }

        (long at, long started, long ended) = _history.Peek();
        double seconds = _clock.GetElapsedTime(at, now).TotalSeconds;
        return seconds > 0 ? ((totals.Started - started) / seconds, (totals.Ended - ended) / seconds) : default;
    }
}
