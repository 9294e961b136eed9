namespace AsyncJobs;

/// <summary>Add-AsyncQueueItem: puts items into a queue (asyncio's <c>put</c> and <c>put_nowait</c>).</summary>
[Cmdlet(VerbsCommon.Add, "AsyncQueueItem")]
[Suspends(TakesInput = true)]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class AddAsyncQueueItemCommand : QueueWaitCommand, IIntrinsicCall<AsyncQueue>
{
    private readonly Queue<object?> _kept = new();

    /// <summary>The item, whole: an array is one item, and so is null.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("Item")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Lower is sooner; for a queue of kind Priority.</summary>
    [Parameter]
    public double Priority { get; set; }

    /// <summary>Fails where the queue is full instead of waiting.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Refuses a priority that the queue has no use for.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (double.IsNaN(Priority) || (Queue.Kind != AsyncQueueKind.Priority && MyInvocation.BoundParameters.ContainsKey(nameof(Priority))))
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"-Priority {Priority} does not fit: it is a number, for a queue made with -Kind Priority; this is {Queue}.",
                ErrorIds.InvalidArgument,
                Queue));
        }
    }

    /// <summary>Puts one item, or keeps it for when a coroutine has waited for room.</summary>
    protected override void ProcessRecord()
    {
        Queue.Putters.Note(CurrentUser);
        try
        {
            if (_kept.Count > 0 || !Queue.TryPut(InputObject, Priority))
            {
                PutLater();
            }
        }
        catch (Exception exception) when (exception is QueueFullException or QueueShutDownException)
        {
            Throw(ErrorRecords.ForException(exception, InputObject));
        }
    }

    /// <summary>Hands a coroutine the items that there was no room for.</summary>
    protected override void EndProcessing() => Await(_kept.Count > 0 ? PutNext() : null);

    private void PutLater()
    {
        if (NoWait)
        {
            throw QueueFullException.For(Queue);
        }

        _kept.Enqueue(InputObject);
        if (!IsSuspending)
        {
            Await(PutNext(), goesOn: true);
        }
    }

    private WaitRequest PutNext()
    {
        // An item that is in the queue when Ctrl+C comes stays there: somebody may have got it by now.
        object? item = _kept.Dequeue();
        return RequestFor(Session.Loop, Queue, item, Priority, NewLimit()) with
        {
            Next = _ => _kept.Count > 0 ? PutNext() : null,
        };
    }

    /// <summary>The wait for room for an item, for whoever waits on a loop.</summary>
    internal static WaitRequest RequestFor(EventLoop loop, AsyncQueue queue, object? item, double priority, WaitLimit? limit) =>
        PrimitiveRequest.For(loop, queue, giveUp => queue.PutAsync(item, priority, giveUp), limit: limit, target: item);

    static int IIntrinsicCall<AsyncQueue>.ArgumentCount => 2;

    static WaitRequest? IIntrinsicCall<AsyncQueue>.Begin(CoroutineFrame frame, AsyncQueue primitive, object? item)
    {
        primitive.Putters.Note(frame.Task.Id);
        return primitive.TryPut(item) ? null : RequestFor(frame.Session.Loop, primitive, item, priority: 0, limit: null);
    }
}
