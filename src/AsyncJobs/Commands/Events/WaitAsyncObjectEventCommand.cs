namespace AsyncJobs;

/// <summary>Wait-AsyncObjectEvent: waits for the next event of a .NET object.</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncObjectEvent")]
[Suspends]
[OutputType(typeof(AsyncObjectEvent))]
public sealed class WaitAsyncObjectEventCommand : TimedWaitCommand
{
    private ObjectEventWait? _wait;

    /// <summary>The object that raises the event, or a type for a static event of it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public object InputObject { get; set; } = null!;

    /// <summary>The event's name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EventNameCompleter))]
    public string EventName { get; set; } = "";

    /// <summary>
    /// Says of an event, which is its <c>$_</c>, whether it is the one; its arguments are the event's sender and arguments.
    /// </summary>
    [Parameter(Position = 2)]
    [ValidateNotNull]
    public ScriptBlock? Filter { get; set; }

    /// <summary>Waits for it, and writes it.</summary>
    protected override void EndProcessing()
    {
        _wait = new ObjectEventWait(Session.Loop, ObjectEvent.Find(this, InputObject, EventName), Filter, NewLimit());
        Await(_wait.Next());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // In a coroutine the wait goes on when this cmdlet has ended.
        if (disposing && !IsSuspending)
        {
            _wait?.Dispose();
        }

        base.Dispose(disposing);
    }
}
