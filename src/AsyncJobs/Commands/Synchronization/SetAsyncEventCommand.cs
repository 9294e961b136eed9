namespace AsyncJobs;

/// <summary>Set-AsyncEvent: lets all go on that wait for an event (asyncio's <c>set</c>).</summary>
[Cmdlet(VerbsCommon.Set, "AsyncEvent")]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class SetAsyncEventCommand : EventCommand, IIntrinsicCall<AsyncEvent>
{
    /// <summary>Sets the event.</summary>
    protected override void ProcessRecord() => Event.Set();

    static WaitRequest? IIntrinsicCall<AsyncEvent>.Begin(CoroutineFrame frame, AsyncEvent primitive, object? item)
    {
        primitive.Set();
        return null;
    }
}
