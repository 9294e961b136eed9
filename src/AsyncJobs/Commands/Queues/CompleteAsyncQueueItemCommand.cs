using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Complete-AsyncQueueItem: says that the work on an item is done (asyncio's <c>task_done</c>).</summary>
[Cmdlet(VerbsLifecycle.Complete, "AsyncQueueItem")]
[OutputType(typeof(void))]
public sealed class CompleteAsyncQueueItemCommand : QueueCommand
{
    /// <summary>Counts one item as done.</summary>
    protected override void EndProcessing()
    {
        try
        {
            Queue.TaskDone();
        }
        catch (InvalidStateException exception)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, Queue));
        }
    }
}
