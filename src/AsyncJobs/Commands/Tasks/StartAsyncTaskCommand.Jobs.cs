namespace AsyncJobs;

/// <content>-AsJob: the tasks as a job for PowerShell's own job cmdlets.</content>
public sealed partial class StartAsyncTaskCommand
{
    private const string LocalPlace = "PowerShell";

    private AsyncBatchJob? _batch;

    /// <summary>Writes a job instead of tasks; with pipeline input or sessions it has a child for each.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    private string CommandText => ScriptBlock?.ToString() ?? FilePath!;

    private bool IsBatch => MyInvocation.ExpectingInput || Session is not null;

    /// <summary>Stops what was started for a job that nobody gets to see.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batch?.Abandon();
        }

        base.Dispose(disposing);
    }

    private void StartJob(object? input)
    {
        AsyncTaskJob job = IsBatch ? AddToBatch(LocalPlace) : MakeJob(Name, LocalPlace);
        job.Follow(StartBlock(HasInput, input, job));
        if (!IsBatch)
        {
            Publish(job);
        }
    }

    private AsyncTaskJob AddToBatch(string location)
    {
        _batch ??= new AsyncBatchJob(CommandText, Name);
        AsyncTaskJob child = MakeJob(name: null, location);
        _batch.Add(child);
        return child;
    }

    // Of work that is tried again, the output of the attempts before the last is dropped.
    private AsyncTaskJob MakeJob(string? name, string location) =>
        new(CommandText, name, location, _batch, isLive: MaximumRetryCount == 0);

    /// <summary>Writes the job of the whole command, where there is one.</summary>
    private void CompleteJob()
    {
        if (AsJob && IsBatch)
        {
            AsyncBatchJob batch = _batch ?? new AsyncBatchJob(CommandText, Name);
            _batch = null;
            batch.CompleteAdding();
            Publish(batch);
        }
    }

    private void Publish(AsyncJob job)
    {
        AsyncJobSourceAdapter.Register(this, job);
        WriteObject(job);
    }
}
