using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Enter-AsyncLock: waits for a lock and takes it (asyncio's <c>acquire</c>).</summary>
[Cmdlet(VerbsCommon.Enter, "AsyncLock")]
[Suspends]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class EnterAsyncLockCommand : LockCommand, IIntrinsicCall<AsyncLock>
{
    /// <summary>Seconds to wait for the lock; past it TimeoutException is thrown and it is not taken.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Takes the lock.</summary>
    protected override void EndProcessing() => Await(Enter(TimeoutSec));

    static WaitRequest? IIntrinsicCall<AsyncLock>.Begin(CoroutineFrame frame, AsyncLock primitive, object? item) =>
        RequestFor(frame.Session, primitive, frame.Task, limit: null);
}
