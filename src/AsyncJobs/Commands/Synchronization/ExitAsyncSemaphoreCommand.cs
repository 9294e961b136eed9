using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Exit-AsyncSemaphore: gives a permit back (asyncio's <c>release</c>).</summary>
[Cmdlet(VerbsCommon.Exit, "AsyncSemaphore")]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class ExitAsyncSemaphoreCommand : SemaphoreCommand, IIntrinsicCall<AsyncSemaphore>
{
    /// <summary>Gives one permit back.</summary>
    protected override void EndProcessing() => Exit(Semaphore.Release);

    static WaitRequest? IIntrinsicCall<AsyncSemaphore>.Begin(CoroutineFrame frame, AsyncSemaphore primitive, object? item)
    {
        primitive.Release();
        return null;
    }
}
