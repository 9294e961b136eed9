namespace AsyncJobs;

/// <summary>The job of one task: has its output and records, for Receive-Job, and its state.</summary>
public sealed class AsyncTaskJob : AsyncJob, ITaskRecordSink
{
    private readonly AsyncBatchJob? _batch;
    private readonly bool _isLive;
    private AsyncTask? _task;

    internal AsyncTaskJob(string command, string? name, string location, AsyncBatchJob? batch, bool isLive)
        : base(command, name)
    {
        Location = location;
        _batch = batch;
        _isLive = isLive;
    }

    /// <summary>The task; awaiting it and awaiting the job are the same.</summary>
    public AsyncTask Task => _task ?? throw new InvalidOperationException($"The job '{Name}' is being made.");

    /// <summary>The computer of the session that runs it, or <c>PowerShell</c> where it runs in this process.</summary>
    public override string Location { get; }

    void ITaskRecordSink.AddOutput(PSObject? item)
    {
        // Of work that is tried again only the last attempt's output counts, and comes at the end.
        if (_isLive)
        {
            Add(Output, item);
        }
    }

    void ITaskRecordSink.AddRecord(object record)
    {
        switch (record)
        {
            case ErrorRecord error:
                Add(Error, error);
                break;
            case WarningRecord warning:
                Add(Warning, warning);
                break;
            case VerboseRecord verbose:
                Add(Verbose, verbose);
                break;
            case DebugRecord debug:
                Add(Debug, debug);
                break;
            case InformationRecord information:
                Add(Information, information);
                break;
            case ProgressRecord progress:
                Add(Progress, progress);
                break;
        }
    }

    void ITaskRecordSink.Begin() => Begin();

    /// <summary>Called in the task's work when it begins, or begins again.</summary>
    internal void Begin()
    {
        SetBegun();
        _batch?.ChildBegan();
    }

    /// <summary>Ties it to its task; once, before anybody else sees the job.</summary>
    internal void Follow(AsyncTask task)
    {
        _task = task;

        // The job shows the failure, so it is not lost.
        task.MarkObserved();

        // Whoever listens to the job may take time, and the thread that ends the task has other things to do.
        task.OnCompleted(ended => ThreadPool.UnsafeQueueUserWorkItem(static job => job.End(), this, preferLocal: false));
    }

    /// <summary>Stops the task, if it was started at all: taking the block along may have failed.</summary>
    internal void Cancel(string reason) => _task?.Cancel(reason);

    private protected override void RequestStop(string reason) => Cancel(reason);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Cancel("its job was removed");
        }

        base.Dispose(disposing);
    }

    /// <summary>A task that was abandoned, or whose job is gone, may still write.</summary>
    private static void Add<T>(PSDataCollection<T> records, T record)
    {
        try
        {
            records.Add(record);
        }
        catch (InvalidOperationException)
        {
            // Closed or disposed in this instant or before.
        }
    }

    private void End()
    {
        if (!_isLive)
        {
            foreach (object? item in Task.Output)
            {
                Add(Output, item is null ? null! : PSObject.AsPSObject(item));
            }
        }

        switch (Task.State)
        {
            case AsyncState.Completed:
                SetEnded(JobState.Completed, reason: null);
                break;
            case AsyncState.Failed:
                SetEnded(JobState.Failed, JobFailure.ReasonFor(Task.Fault!));
                break;
            default:
                // Receive-Job would write a reason as an error, and that it was stopped is none.
                SetEnded(JobState.Stopped, reason: null);
                break;
        }

        _batch?.ChildEnded();
    }
}
