namespace AsyncJobs;

/// <summary>Stop-AsyncTask: asks tasks and futures to end (asyncio's <c>cancel</c>); waits for nothing unless told to.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AsyncTask", SupportsShouldProcess = true, DefaultParameterSetName = ByTask)]
[OutputType(typeof(Future))]
public sealed class StopAsyncTaskCommand : WaitCommand
{
    private const string ByTask = "Task";
    private const string ById = "Id";
    private const string ByName = "Name";

    private readonly List<Future> _stopped = [];

    /// <summary>The tasks and futures. One that is done already is left as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByTask)]
    [ArgumentCompleter(typeof(VariableCompleter<Future>))]
    public Future[] Task { get; set; } = [];

    /// <summary>The numbers of the tasks; one that is not known is an error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public int[] Id { get; set; } = [];

    /// <summary>The names of the tasks; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByName)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Why; goes into the message of the exception that waiters get.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>Writes what was given.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Waits until all of them have ended, their <c>finally</c> blocks included, in whatever way they end.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Asks each to stop.</summary>
    protected override void ProcessRecord()
    {
        IEnumerable<Future> given = ParameterSetName switch
        {
            ById => TaskSelection.ById(this, [Session], Id),
            ByName => TaskSelection.ByName(this, Session, Name, pendingOnly: true),
            _ => Task,
        };
        foreach (Future future in given)
        {
            if (ShouldProcess(future.ToString()))
            {
                future.Cancel(Reason);
                _stopped.Add(future);
            }

            if (PassThru && !Wait)
            {
                WriteObject(future);
            }
        }
    }

    /// <summary>Waits for their ends.</summary>
    protected override void EndProcessing()
    {
        if (!Wait)
        {
            return;
        }

        if (_stopped.Contains(Session.CurrentTask!))
        {
            Throw(ErrorRecords.ForException(
                new InvalidStateException($"{Session.CurrentTask} cannot wait for its own end."), Session.CurrentTask));
        }

        _stopped.ForEach(future => AttachStreams(future));
        var ended = new WaitFuture(Session.Loop, _stopped, ReturnWhen.AllCompleted);
        ShowProgress(() =>
        {
            WatchProgress(_stopped);
            TurnUntilDone(ended, ended.Cancel, waitedFor: _stopped, ending: WaitCompletion.All);
        });
        foreach (Future future in _stopped)
        {
            TaskStreamReader.DrainTo(this, future);
        }

        if (PassThru)
        {
            WriteObject(_stopped, enumerateCollection: true);
        }
    }
}
