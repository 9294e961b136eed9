namespace AsyncJobs;

/// <summary>Clear-AsyncEvent: makes an event one to be waited for again (asyncio's <c>clear</c>).</summary>
[Cmdlet(VerbsCommon.Clear, "AsyncEvent")]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class ClearAsyncEventCommand : EventCommand, IIntrinsicCall<AsyncEvent>
{
    /// <summary>Clears the event.</summary>
    protected override void ProcessRecord() => Event.Clear();

    static WaitRequest? IIntrinsicCall<AsyncEvent>.Begin(CoroutineFrame frame, AsyncEvent primitive, object? item)
    {
        primitive.Clear();
        return null;
    }
}
