namespace AsyncJobs;

/// <summary>Register-AsyncObjectEvent: puts every event of a .NET object into a queue, from now on.</summary>
[Cmdlet(VerbsLifecycle.Register, "AsyncObjectEvent", DefaultParameterSetName = NewQueue)]
[OutputType(typeof(AsyncQueue))]
public sealed class RegisterAsyncObjectEventCommand : LoopCommand
{
    private const string NewQueue = "Capacity";
    private const string KnownQueue = "Queue";

    /// <summary>The object that raises the event, or a type for a static event of it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public object InputObject { get; set; } = null!;

    /// <summary>The event's name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EventNameCompleter))]
    public string EventName { get; set; } = "";

    /// <summary>The queue; without it a new one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KnownQueue)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncQueue>))]
    public AsyncQueue Queue { get; set; } = null!;

    /// <summary>How many events the new queue holds; those that come while it is full are dropped and counted. 0 for no limit.</summary>
    [Parameter(ParameterSetName = NewQueue)]
    [ValidateRange(0, int.MaxValue)]
    public int Capacity { get; set; }

    /// <summary>Subscribes, and writes the queue.</summary>
    protected override void EndProcessing()
    {
        ObjectEvent source = ObjectEvent.Find(this, InputObject, EventName);
        AsyncQueue queue = ParameterSetName == KnownQueue ? Queue : new AsyncQueue(Capacity, name: source.Name);
        try
        {
            ObjectEventSubscriptions.Of(Session).Add(source, queue);
        }
        catch (QueueShutDownException exception)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, queue));
        }

        WriteObject(queue, enumerateCollection: false);
    }
}
