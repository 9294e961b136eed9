using System.Globalization;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Invoke-AsyncForEach, alias ForEach-Async: one task per pipeline object, so many at a time; the drop-in for
/// <c>ForEach-Object -Parallel</c>.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "AsyncForEach")]
[Alias("ForEach-Async")]
[OutputType(typeof(object), typeof(ForEachResult))]
public sealed class InvokeAsyncForEachCommand : StartBlockCommand
{
    private const int DefaultThrottleLimit = 16;

    private ForEachWindow? _window;
    private Deadline? _deadline;
    private CountProgress? _progress;
    private bool _hasEnded;

    /// <summary>What each task runs; the object is its <c>$_</c>.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Parallel")]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>The objects.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Positional arguments of the block.</summary>
    [Parameter]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>Writes output as it comes instead of in input order.</summary>
    [Parameter]
    public SwitchParameter AsCompleted { get; set; }

    /// <summary>Seconds for the whole; past it what runs is stopped, and TimeoutException is thrown.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TotalTimeoutSec { get; set; }

    /// <summary>Shows a progress bar.</summary>
    [Parameter]
    public SwitchParameter Progress { get; set; }

    /// <summary>Writes one object per input: Input, Output, Error, State, Attempts, Duration.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Starts the clock.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _window = new ForEachWindow(Session.Loop, AsCompleted);
        if (TotalTimeoutSec > 0)
        {
            _deadline = new Deadline(Session.Loop, TimeSpan.FromSeconds(TotalTimeoutSec), () => _window.StopAll("the total time is up"));
        }

        if (Progress)
        {
            _progress = new CountProgress(this, Session.Loop, "Invoke-AsyncForEach", Describe);
        }
    }

    /// <summary>Waits for a free place, then starts the object's task; so input is read only as fast as it is worked off.</summary>
    protected override void ProcessRecord()
    {
        int limit = ThrottleLimit == 0 ? DefaultThrottleLimit : ThrottleLimit;
        while (_window!.RunningCount >= limit)
        {
            TurnUntil(() => _window.RunningCount < limit || _window.HasNext, _window);
            WriteFinished();
        }

        ThrowIfTimeIsUp();
        AsyncTask task = StartBlock(ArgumentList, hasInput: true, InputObject);
        Streams.Attach(task);
        _window.Add(task);
        WriteFinished();
    }

    /// <summary>Writes the rest.</summary>
    protected override void EndProcessing()
    {
        while (_window!.OutstandingCount > 0)
        {
            TurnUntil(() => _window.HasNext, _window);
            WriteFinished();
        }

        _progress?.Complete();
        ThrowIfTimeIsUp();
        _hasEnded = true;
    }

    /// <summary>However it ends before its time (Ctrl+C, -ErrorAction Stop, a later command that has had enough), the rest is stopped.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deadline?.Dispose();
            _progress?.Dispose();
            if (!_hasEnded)
            {
                _window?.StopAll("the command was stopped");
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>Its tasks are its own, not those of a group around it: that has the command to wait for.</summary>
    private protected override TaskOptions MakeOptions() => base.MakeOptions() with { Group = null };

    /// <inheritdoc/>
    private protected override ScriptSource MakeSource(object?[]? arguments) => new(this, ScriptBlock, arguments);

    private void WriteFinished()
    {
        while (_window!.TryTakeNext(out AsyncTask? task))
        {
            task.MarkObserved();
            TaskStreamReader.DrainTo(this, task);
            Streams.Detach(task);
            if (PassThru)
            {
                WriteObject(new ForEachResult(task));
            }
            else
            {
                WriteOutput(task);
                WriteFault(task);
            }
        }
    }

    private void WriteFault(AsyncTask task)
    {
        // Those stopped by the total limit are told of once, by its error.
        if (task.Fault is not null && !(task.IsCanceled && _deadline is { HasPassed: true }))
        {
            WriteError(ErrorRecords.ForOutcome(task));
        }
    }

    private void ThrowIfTimeIsUp()
    {
        if (_deadline is { HasPassed: true })
        {
            Throw(ErrorRecords.ForException(TaskTimeoutException.ForWait("Invoke-AsyncForEach", _deadline.Limit), InputObject));
        }
    }

    private (string Status, int Percent) Describe() =>
        (string.Create(CultureInfo.CurrentCulture, $"{_window!.DoneCount} done, {_window.FailedCount} failed, {_window.RunningCount} running"), -1);
}
