using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Receive-AsyncQueueItem: gets items out of a queue (asyncio's <c>get</c> and <c>get_nowait</c>).</summary>
[Cmdlet(VerbsCommunications.Receive, "AsyncQueueItem")]
[OutputType(typeof(object))]
public sealed class ReceiveAsyncQueueItemCommand : QueueCommand
{
    /// <summary>Fails where the queue is empty instead of waiting; with -All, ends there.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Writes items as they come until the queue is closed and has none left.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Seconds to wait, for each item; past it TimeoutException is thrown and no item is taken.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Writes one item, or all.</summary>
    protected override void EndProcessing()
    {
        if (!All)
        {
            Write(Take());
            return;
        }

        // One at a time, so that none is on the way when a later command of the pipeline has had enough.
        while (TryTakeNext(out QueueEntry? entry))
        {
            Write(entry);
        }
    }

    private QueueEntry Take()
    {
        try
        {
            return Queue.TryTake(out QueueEntry? entry) ? entry
                : NoWait ? throw QueueEmptyException.For(Queue)
                : WaitForEntry();
        }
        catch (Exception exception) when (exception is QueueEmptyException or QueueShutDownException)
        {
            throw ScriptThrow.Of(ErrorRecords.ForException(exception, Queue));
        }
    }

    private bool TryTakeNext([NotNullWhen(true)] out QueueEntry? entry)
    {
        entry = null;
        try
        {
            if (!Queue.TryTake(out entry) && !NoWait)
            {
                entry = WaitForEntry();
            }
        }
        catch (QueueShutDownException)
        {
            // Closed and empty.
        }
        catch (RuntimeException exception) when (exception.InnerException is QueueShutDownException)
        {
            // Closed during the wait.
        }

        return entry is not null;
    }

    private QueueEntry WaitForEntry()
    {
        Task<QueueEntry>? taking = null;
        TurnUntilHandedOver(
            Queue,
            giveUp => taking = Queue.TakeAsync(giveUp),
            Undo(() => Queue.Return(taking!.Result)),
            LimitOf(TimeoutSec));
        return taking!.Result;
    }

    private void Write(QueueEntry entry)
    {
        // A pipeline that is being stopped takes no output, so the item goes back.
        if (Stopping)
        {
            Queue.Return(entry);
            throw new PipelineStoppedException();
        }

        WriteObject(entry.Item, enumerateCollection: false);
    }
}
