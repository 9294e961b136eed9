namespace AsyncJobs;

/// <summary>Complete-AsyncQueueItem: says that the work on an item is done (asyncio's <c>task_done</c>).</summary>
[Cmdlet(VerbsLifecycle.Complete, "AsyncQueueItem")]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class CompleteAsyncQueueItemCommand : QueueCommand, IIntrinsicCall<AsyncQueue>
{
    /// <summary>Counts one item as done.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            Queue.TaskDone();
        }
        catch (InvalidStateException exception)
        {
            Refuse(ErrorRecords.ForException(exception, Queue));
        }
    }

    static WaitRequest? IIntrinsicCall<AsyncQueue>.Begin(CoroutineFrame frame, AsyncQueue primitive, object? item)
    {
        primitive.TaskDone();
        return null;
    }
}
