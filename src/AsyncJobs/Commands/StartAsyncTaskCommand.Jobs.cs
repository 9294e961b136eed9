using System.Management.Automation;

namespace AsyncJobs;

/// <content>-AsJob: the tasks as a job for PowerShell's own job cmdlets.</content>
public sealed partial class StartAsyncTaskCommand
{
    private AsyncBatchJob? _batch;

    /// <summary>Writes a job instead of tasks; with pipeline input it has a child for each object.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

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
        bool isBatch = MyInvocation.ExpectingInput;
        if (isBatch)
        {
            _batch ??= new AsyncBatchJob(ScriptBlock.ToString(), Name);
        }

        var job = new AsyncTaskJob(ScriptBlock.ToString(), isBatch ? null : Name, "PowerShell", _batch, isLive: MaximumRetryCount == 0);
        _batch?.Add(job);
        job.Follow(StartBlock(ScriptBlock, ArgumentList, input, job));
        if (!isBatch)
        {
            Publish(job);
        }
    }

    /// <summary>Writes the job of the whole command, where there is one.</summary>
    private void CompleteJob()
    {
        if (!AsJob || !MyInvocation.ExpectingInput)
        {
            return;
        }

        AsyncBatchJob batch = _batch ?? new AsyncBatchJob(ScriptBlock.ToString(), Name);
        _batch = null;
        batch.CompleteAdding();
        Publish(batch);
    }

    private void Publish(AsyncJob job)
    {
        AsyncJobSourceAdapter.Register(this, job);
        WriteObject(job);
    }
}
