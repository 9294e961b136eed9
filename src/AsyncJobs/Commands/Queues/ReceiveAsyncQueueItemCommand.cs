using System.Management.Automation.Internal;

namespace AsyncJobs;

/// <summary>Receive-AsyncQueueItem: gets items out of a queue (asyncio's <c>get</c> and <c>get_nowait</c>).</summary>
[Cmdlet(VerbsCommunications.Receive, "AsyncQueueItem")]
[Suspends]
[KeepsWriting(With = nameof(All), IsUnbounded = true)]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(object))]
public sealed class ReceiveAsyncQueueItemCommand : QueueWaitCommand, IIntrinsicCall<AsyncQueue>
{
    /// <summary>Fails where the queue is empty instead of waiting; with -All, ends there.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Writes items as they come until the queue is closed and has none left.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Writes one item, or all.</summary>
    protected override void EndProcessing()
    {
        Queue.Getters.Note(CurrentUser);
        Await(All ? WriteAll(this) : WriteOne());
    }

    private WaitRequest? WriteOne()
    {
        try
        {
            if (!Queue.TryTake(out QueueEntry? entry))
            {
                return NoWait ? throw QueueEmptyException.For(Queue) : WaitForEntry(Queue);
            }

            Write(this, entry);
            return null;
        }
        catch (Exception exception) when (exception is QueueEmptyException or QueueShutDownException)
        {
            throw ScriptThrow.Of(ErrorRecords.ForException(exception, Queue));
        }
    }

    /// <summary>
    /// Writes what there is, one at a time, so that none is on the way when a later command of the pipeline has had enough.
    /// </summary>
    /// <returns>The wait for more; null where there will be none.</returns>
    private WaitRequest? WriteAll(LoopCommand command)
    {
        try
        {
            while (Queue.TryTake(out QueueEntry? entry))
            {
                Write(command, entry);
                if (CoroutineFrame.CurrentOf(Session) is { TakesOneByOne: true })
                {
                    // The rest is for whoever comes first when this one has been handled.
                    var done = new Future(Session.Loop);
                    done.SetResult(null);
                    return new WaitRequest { Until = done, Cancel = static _ => true, Otherwise = static _ => { }, Next = WriteAll };
                }
            }
        }
        catch (QueueShutDownException)
        {
            return null;
        }

        return NoWait ? null : WaitForEntry(Queue) with { Next = WriteAll };
    }

    private WaitRequest WaitForEntry(AsyncQueue queue)
    {
        (WaitRequest wait, Task<QueueEntry> taking) = RequestFor(Session.Loop, queue, NewLimit());
        return !All ? wait : wait with
        {
            Otherwise = command =>
            {
                if (taking.Exception?.InnerException is not QueueShutDownException)
                {
                    wait.Otherwise(command);
                }
            },
        };
    }

    /// <summary>The wait for one item, for whoever waits on a loop, and the item.</summary>
    internal static (WaitRequest Wait, Task<QueueEntry> Taking) RequestFor(EventLoop loop, AsyncQueue queue, WaitLimit? limit)
    {
        Task<QueueEntry>? taking = null;
        WaitRequest wait = PrimitiveRequest.For(
            loop,
            queue,
            giveUp => taking = queue.TakeAsync(giveUp),
            PrimitiveRequest.Undo(() => queue.Return(taking!.Result)),
            limit,
            output: () => queue.Open(taking!.Result));
        return (wait, taking!);
    }

    private void Write(LoopCommand command, QueueEntry entry)
    {
        // A pipeline that is being stopped takes no output, so the item goes back.
        if (command.Stopping)
        {
            Queue.Return(entry);
            throw new PipelineStoppedException();
        }

        command.WriteObject(Queue.Open(entry), enumerateCollection: false);
    }

    static WaitRequest? IIntrinsicCall<AsyncQueue>.Begin(CoroutineFrame frame, AsyncQueue primitive, object? item)
    {
        primitive.Getters.Note(frame.Task.Id);
        if (!primitive.TryTake(out QueueEntry? entry))
        {
            return RequestFor(frame.Session.Loop, primitive, limit: null).Wait;
        }

        object? received = primitive.Open(entry);
        if (!ReferenceEquals(received, AutomationNull.Value))
        {
            frame.Output.Write(received);
        }

        return null;
    }
}
