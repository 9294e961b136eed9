using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Enter-AsyncSemaphore: waits for a permit and takes it (asyncio's <c>acquire</c>).</summary>
[Cmdlet(VerbsCommon.Enter, "AsyncSemaphore")]
[Suspends]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class EnterAsyncSemaphoreCommand : SemaphoreCommand, IIntrinsicCall<AsyncSemaphore>
{
    /// <summary>Seconds to wait for a permit; past it TimeoutException is thrown and none is taken.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Takes one permit.</summary>
    protected override void EndProcessing() => Await(Enter(TimeoutSec));

    static WaitRequest? IIntrinsicCall<AsyncSemaphore>.Begin(CoroutineFrame frame, AsyncSemaphore primitive, object? item) =>
        primitive.TryEnter() ? null : RequestFor(frame.Session.Loop, primitive, limit: null);
}
