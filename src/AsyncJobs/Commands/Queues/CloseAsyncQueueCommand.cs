namespace AsyncJobs;

/// <summary>Close-AsyncQueue: ends a queue (asyncio's <c>shutdown</c>).</summary>
[Cmdlet(VerbsCommon.Close, "AsyncQueue")]
[OutputType(typeof(void))]
public sealed class CloseAsyncQueueCommand : QueueCommand
{
    /// <summary>Drops the items in the queue, too, counting the work on them as done.</summary>
    [Parameter]
    public SwitchParameter Immediate { get; set; }

    /// <summary>Closes the queue.</summary>
    protected override void ProcessRecord() => Queue.Close(Immediate);
}
