namespace AsyncJobs;

/// <summary>Watch-AsyncTask: shows the tasks while they run (as asyncio's <c>pstree</c> does once).</summary>
[Cmdlet(VerbsCommon.Watch, "AsyncTask", DefaultParameterSetName = ByAll)]
[OutputType(typeof(AsyncTask), ParameterSetName = [ByTask, ById, ByName])]
public sealed class WatchAsyncTaskCommand : LoopCommand
{
    private const string ByAll = "All";
    private const string ByTask = "Task";
    private const string ById = "Id";
    private const string ByName = "Name";

    // A twentieth of a second is faster than anybody reads.
    private const double MinimumInterval = 0.05;
    private const double DrawnInterval = 0.5;
    private const double WrittenInterval = 5;

    // However seldom it shows them, it looks this often whether all have ended, and how late the loop is.
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(250);

    private readonly List<AsyncTask> _chosen = [];
    private readonly HashSet<int> _failures = [];
    private TaskWatch _watch = null!;
    private WatchView _view = null!;
    private ScreenArea? _screen;
    private IDisposable? _timer;
    private TimeSpan _interval;
    private TimeSpan _nextShow;
    private bool _isLate;

    /// <summary>The tasks; without any, all of the session, those that are started meanwhile included.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByTask)]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncTask>))]
    public AsyncTask[] Task { get; set; } = [];

    /// <summary>The numbers of the tasks; one that is not known is an error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public int[] Id { get; set; } = [];

    /// <summary>The names of the tasks, of those that are not done; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByName)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Seconds between one drawing and the next: 0.5 unless given; 5 where lines are written instead.</summary>
    [Parameter]
    [ValidateRange(MinimumInterval, SecondsRange.Longest)]
    public double IntervalSec { get; set; }

    /// <summary>Seconds to watch at most; then it ends, and the tasks go on.</summary>
    [Parameter]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <summary>Writes the tasks when the watch is over, ended or not.</summary>
    [Parameter(ParameterSetName = ByTask)]
    [Parameter(ParameterSetName = ById)]
    [Parameter(ParameterSetName = ByName)]
    public SwitchParameter PassThru { get; set; }

    internal override bool DrawsInPlace => _screen is not null;

    /// <summary>Refuses to watch from inside of a task.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Session.IsWorker || Session.CurrentStep is not null || Session.Loop.IsRunning)
        {
            ThrowTerminatingError(new ErrorRecord(
                new InvalidStateException(
                    $"{MyInvocation.MyCommand.Name} turns the loop and shows the tasks to whoever sits in front of the script; in a task or a "
                    + "callback use Get-AsyncTask."),
                ErrorIds.WatchInTask,
                ErrorCategory.InvalidOperation,
                Session.CurrentTask));
        }
    }

    /// <summary>Takes the tasks.</summary>
    protected override void ProcessRecord() => _chosen.AddRange(ParameterSetName switch
    {
        ByTask => Task,
        ById => TaskSelection.ById(this, [Session], Id),
        ByName => TaskSelection.ByName(this, Session, Name, pendingOnly: true),
        _ => [],
    });

    /// <summary>Shows them until all have ended.</summary>
    protected override void EndProcessing()
    {
        _watch = new TaskWatch(Session, ParameterSetName == ByAll ? null : [.. _chosen.Distinct()]);
        _screen = ScreenArea.Of(Host);
        _view = new WatchView(
            _screen is null ? WatchStyle.Plain : WatchStyle.Of(GetVariableValue("PSStyle")), text => _screen?.WidthOf(text) ?? text.Length);
        _interval = TimeSpan.FromSeconds(IntervalSec > 0 ? IntervalSec : _screen is null ? WrittenInterval : DrawnInterval);
        using IDisposable? limit = TimeoutSec > 0 ? Session.Loop.CallLater(TimeSpan.FromSeconds(TimeoutSec), () => _isLate = true) : null;
        try
        {
            Show(isLast: false);
            ScheduleTick();
            TurnUntil(() => _isLate || _watch.IsOver);
            Show(isLast: true);
        }
        finally
        {
            _timer?.Dispose();
            _screen?.Dispose();
        }

        if (PassThru)
        {
            WriteObject(_chosen.Distinct(), enumerateCollection: true);
        }
    }

    internal override void BeforeRecord()
    {
        _screen?.Erase();

        // Drawn again soon, behind what is written, but not once for each of many records.
        _nextShow = TimeSpan.Zero;
    }

    private void ScheduleTick()
    {
        TimeSpan tick = _interval < LongestTick ? _interval : LongestTick;
        TimeProvider clock = Session.Loop.Clock;
        long scheduledAt = clock.GetTimestamp();
        _timer = Session.Loop.CallLaterInBackground(tick, () =>
        {
            TimeSpan lag = clock.GetElapsedTime(scheduledAt) - tick;
            _watch.NoteLag(lag > TimeSpan.Zero ? lag : TimeSpan.Zero);
            if (_watch.Elapsed >= _nextShow)
            {
                Show(isLast: false);
            }

            ScheduleTick();
        });
    }

    private void Show(bool isLast)
    {
        _nextShow = _watch.Elapsed + _interval;
        if (_screen is null)
        {
            Write(isLast);
            return;
        }

        System.Management.Automation.Host.Size window = _screen.Window;
        _screen.Draw(_view.Draw(_watch.Look(WatchView.RowsIn(window), isLast), window), window);
    }

    private void Write(bool isLast)
    {
        foreach (AsyncTask failed in _watch.TakeFailures(_failures))
        {
            WriteLine(WatchText.FailureOf(failed));
        }

        WatchSample sample = _watch.Look(rows: 0, isLast);
        WriteLine($"{WatchText.TimeOf(sample.Elapsed)}  {WatchText.SummaryOf(sample)}; {WatchText.RatesOf(sample)}");
    }

    // As Write-Host does.
    private void WriteLine(string text) => WriteInformation(new HostInformationMessage { Message = text }, ["PSHOST"]);
}
