using System.Globalization;

namespace AsyncJobs.Waits;

/// <summary>
/// The progress bar of a command that waits: how many of the things it waits for are done, of how many, how many of them
/// failed, how fast that goes and how long it will take. Appears after a second, and moves twice a second while the loop turns.
/// </summary>
internal sealed class WaitProgress : IDisposable
{
    private const int MostNames = 3;
    private static readonly TimeSpan ShowAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // Bars with ids of their own do not write over those of the script.
    private static int s_lastActivityId = 420_000;

    private readonly RunspaceLoop _session;
    private readonly Cmdlet? _owner;
    private readonly string _activity;
    private readonly Func<int?> _total;
    private readonly int _activityId = Interlocked.Increment(ref s_lastActivityId);
    private readonly long _begunAt;
    private IDisposable? _timer;
    private object? _waitedFor;
    private WaitLimit? _limit;
    private bool _isShown;

    /// <param name="session">The session whose loop turns.</param>
    /// <param name="owner">The command, which writes the records; null where it is over, and whoever turns the loop writes them.</param>
    /// <param name="activity">The command's name.</param>
    /// <param name="total">How many things there will be, where what is waited for does not tell.</param>
    public WaitProgress(RunspaceLoop session, Cmdlet? owner, string activity, Func<int?> total)
    {
        (_session, _owner, _activity, _total) = (session, owner, activity, total);
        _begunAt = session.Loop.Clock.GetTimestamp();
        _timer = session.Loop.CallLaterInBackground(ShowAfter, Show);
    }

    /// <summary>Whether the bar is shown for several things only: nobody has asked for it.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>Says what is waited for now.</summary>
    public void Watch(object? waitedFor, WaitLimit? limit) => (_waitedFor, _limit) = (waitedFor, limit);

    /// <summary>Clears the bar; on the pipeline thread.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _timer = null;
        if (_isShown)
        {
            _isShown = false;
            try
            {
                Write(new ProgressRecord(_activityId, _activity, " ") { RecordType = ProgressRecordType.Completed });
            }
            catch (PipelineStoppedException)
            {
                // What stops the pipeline clears its bars, too.
            }
        }
    }

    private void Show()
    {
        Tally tally = Tally.Of(_waitedFor, _total());
        if (!IsAutomatic || (tally.Total ?? tally.Done + tally.Running.Count()) > 1)
        {
            _isShown = true;
            Write(RecordOf(tally));
        }

        _timer = _session.Loop.CallLaterInBackground(Interval, Show);
    }

    private void Write(ProgressRecord record) => (_owner ?? _session.CurrentWaiter?.Cmdlet)?.WriteProgress(record);

    private ProgressRecord RecordOf(Tally tally)
    {
        double seconds = _session.Loop.Clock.GetElapsedTime(_begunAt).TotalSeconds;
        double rate = tally.Done / seconds;
        string done = !tally.IsCount ? $"waiting for {_waitedFor}"
            : string.Create(CultureInfo.CurrentCulture, $"{tally.Done}{(tally.Total is { } total ? $" of {total}" : "")} done, {tally.Failed} failed");
        var record = new ProgressRecord(_activityId, _activity, tally.Done == 0 ? done : $"{done}, {RateOf(rate)}")
        {
            PercentComplete = tally.Total > 0 ? (int)Math.Min(100, 100L * tally.Done / tally.Total.Value) : -1,
            SecondsRemaining = tally is { Done: > 0, Total: { } all } ? (int)Math.Min(int.MaxValue, Math.Max(0, all - tally.Done) / rate)
                : _limit is null ? -1 : (int)_limit.Left.TotalSeconds,
        };
        string names = string.Join(", ", tally.Running.Select(static future => future.GivenName).OfType<string>().Distinct().Take(MostNames));
        record.CurrentOperation = names.Length > 0 ? names : null;
        return record;
    }

    private static string RateOf(double perSecond) => perSecond >= 1
        ? string.Create(CultureInfo.CurrentCulture, $"{perSecond:0.#}/s")
        : string.Create(CultureInfo.CurrentCulture, $"{60 * perSecond:0.#}/min");

    /// <summary>How far a wait is.</summary>
    private sealed record Tally(int Done, int Failed, int? Total, IEnumerable<Future> Running)
    {
        /// <summary>Whether there is anything to count.</summary>
        public bool IsCount => Total is not null || Done > 0 || Running.Any();

        public static Tally Of(object? waitedFor, int? total) => waitedFor switch
        {
            CompletionQueue queue => new(queue.DoneCount, queue.FailedCount, total, queue.GetWaitedFor().OfType<Future>()),
            AsyncTaskGroup group => new(group.AddedCount - group.Count, group.FailedCount, group.AddedCount, group.GetTasks()),
            IEnumerable<Future> futures => Of([.. futures.Distinct()]),
            Future future => Of([future]),
            _ => new(0, 0, total, []),
        };

        private static Tally Of(Future[] futures) => new(
            futures.Count(static future => future.IsCompleted),
            futures.Count(static future => future.Fault is not null),
            futures.Length,
            futures.Where(static future => !future.IsCompleted));
    }
}
