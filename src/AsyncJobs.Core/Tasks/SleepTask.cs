namespace AsyncJobs.Core.Tasks;

/// <summary>A task that does nothing for a time (asyncio's <c>sleep</c>), where nothing else is said of it: a timer, and no more.</summary>
internal sealed class SleepTask : AsyncTask, ITimed, ILoopCallback
{
    // What Task.Delay can count, which the sleeps of other tasks are: a longer one fails as their work.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private readonly object? _result;
    private readonly TimerQueue? _timers;

    /// <summary>Starts the sleep.</summary>
    /// <param name="loop">The loop that the task belongs to.</param>
    /// <param name="delay">How long; with no time, the task ends in the loop's next turn.</param>
    /// <param name="result">The task's result.</param>
    /// <param name="options">What is said of the task: see <see cref="Suits"/>.</param>
    /// <param name="registry">The session's tasks.</param>
    public SleepTask(EventLoop loop, TimeSpan delay, object? result, TaskOptions options, TaskRegistry? registry)
        : base(loop, AsyncTaskKind.IO, options, input: null, streams: null, registry)
    {
        _result = result;
        options.Group?.Add(this);
        if (IsCompleted)
        {
            // By the group, which was stopping.
            return;
        }

        BeginWork(flows: false);
        Attempts = 1;
        if (delay == TimeSpan.Zero)
        {
            // As in asyncio, so that others have their turn.
            loop.Enqueue(this);
        }
        else
        {
            _timers = loop.Timers;
            _timers.Add(delay, this);
            if (IsCompleted)
            {
                // Stopped by another thread just before.
                _timers.Remove(this);
            }
        }
    }

    int ITimed.TimerPlace { get; set; }

    /// <summary>Whether nothing is said of a task but its name and where it belongs.</summary>
    public static bool Suits(TimeSpan delay, TaskOptions options) => delay < Longest && options.ArePlain;

    internal override bool EndsByItself => _timers is not null && base.EndsByItself;

    public override bool Cancel(string? reason)
    {
        if (!base.Cancel(reason))
        {
            return false;
        }

        _timers?.Remove(this);
        Stopped();
        return true;
    }

    void ITimed.Due() => Succeed(_result);

    void ILoopCallback.Run() => Succeed(_result);
}
