namespace AsyncJobs.Commands.Tasks;

/// <summary>
/// A progress bar for something that counts: appears after a second, moves twice a second while the loop turns.
/// </summary>
internal sealed class CountProgress : IDisposable
{
    private static readonly TimeSpan ShowAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // Bars with ids of their own do not write over those of the script.
    private static int s_lastActivityId = 420_000;

    private readonly Cmdlet _command;
    private readonly EventLoop _loop;
    private readonly string _activity;
    private readonly Func<(string Status, int Percent)> _describe;
    private readonly int _activityId = Interlocked.Increment(ref s_lastActivityId);
    private IDisposable _timer;
    private bool _isShown;

    /// <param name="command">Writes the records, on its pipeline thread.</param>
    /// <param name="loop">The loop that it turns.</param>
    /// <param name="activity">What is going on.</param>
    /// <param name="describe">How far it has come; -1 percent where the total is not known.</param>
    public CountProgress(Cmdlet command, EventLoop loop, string activity, Func<(string Status, int Percent)> describe)
    {
        _command = command;
        _loop = loop;
        _activity = activity;
        _describe = describe;
        _timer = loop.CallLaterInBackground(ShowAfter, Show);
    }

    /// <summary>Clears the bar if it was shown; on the pipeline thread, before the cmdlet ends.</summary>
    public void Complete()
    {
        _timer.Dispose();
        if (_isShown)
        {
            _isShown = false;
            Write(ProgressRecordType.Completed);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Show()
    {
        _isShown = true;
        Write(ProgressRecordType.Processing);
        _timer = _loop.CallLaterInBackground(Interval, Show);
    }

    private void Write(ProgressRecordType type)
    {
        (string status, int percent) = _describe();
        _command.WriteProgress(new ProgressRecord(_activityId, _activity, status) { RecordType = type, PercentComplete = percent });
    }
}
