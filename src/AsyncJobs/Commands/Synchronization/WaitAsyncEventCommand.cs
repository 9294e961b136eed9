using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Wait-AsyncEvent: waits until an event is set (asyncio's <c>wait</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncEvent")]
[Suspends]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class WaitAsyncEventCommand : EventCommand, IIntrinsicCall<AsyncEvent>
{
    /// <summary>Seconds to wait for the event; past it TimeoutException is thrown and the event stays as it is.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Waits for the event.</summary>
    protected override void EndProcessing() => Await(WaitFor(Event, Event.WaitAsync, limit: LimitOf(TimeoutSec)));

    static WaitRequest? IIntrinsicCall<AsyncEvent>.Begin(CoroutineFrame frame, AsyncEvent primitive, object? item) =>
        primitive.IsSet ? null : PrimitiveRequest.For(frame.Session.Loop, primitive, primitive.WaitAsync);
}
