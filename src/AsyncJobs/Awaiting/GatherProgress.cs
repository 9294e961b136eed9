using System.Globalization;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>The progress bar of a gather: appears after a second, moves twice a second, and is cleared however it ends.</summary>
internal sealed class GatherProgress : IDisposable
{
    private static readonly TimeSpan ShowAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static int s_lastActivityId = 4200;

    private readonly LoopCommand _command;
    private readonly Gathering _gathering;
    private readonly int _total;
    private readonly int _activityId = Interlocked.Increment(ref s_lastActivityId);
    private readonly EventLoop _loop;
    private IDisposable _timer;
    private bool _isShown;

    public GatherProgress(LoopCommand command, Gathering gathering, int total)
    {
        _command = command;
        _gathering = gathering;
        _total = total;
        _loop = gathering.Loop;
        _timer = _loop.CallLater(ShowAfter, Show);
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (_isShown)
        {
            Write(ProgressRecordType.Completed);
        }
    }

    private void Show()
    {
        _isShown = true;
        Write(ProgressRecordType.Processing);
        _timer = _loop.CallLater(Interval, Show);
    }

    private void Write(ProgressRecordType type)
    {
        int done = _gathering.DoneCount;
        string status = string.Create(CultureInfo.CurrentCulture, $"{done} of {_total} done");
        _command.WriteProgress(new ProgressRecord(_activityId, "Gathering", status)
        {
            RecordType = type,
            PercentComplete = _total == 0 ? 100 : (int)(100L * done / _total),
        });
    }
}
