namespace AsyncJobs;

/// <summary>Wait-AsyncEvent: waits until an event is set (asyncio's <c>wait</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncEvent")]
[Suspends]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class WaitAsyncEventCommand : TimedWaitCommand, IIntrinsicCall<AsyncEvent>
{
    /// <summary>The event.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncEvent>))]
    public AsyncEvent Event { get; set; } = null!;

    /// <summary>Waits for the event.</summary>
    protected override void EndProcessing() => Await(WaitFor(Event, Event.WaitAsync));

    static WaitRequest? IIntrinsicCall<AsyncEvent>.Begin(CoroutineFrame frame, AsyncEvent primitive, object? item) =>
        primitive.IsSet ? null : PrimitiveRequest.For(frame.Session.Loop, primitive, primitive.WaitAsync);
}
