using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Exit-AsyncLock: leaves a lock (asyncio's <c>release</c>).</summary>
[Cmdlet(VerbsCommon.Exit, "AsyncLock")]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class ExitAsyncLockCommand : LockCommand, IIntrinsicCall<AsyncLock>
{
    /// <summary>Leaves the lock.</summary>
    protected override void EndProcessing() => Exit(Leaving());

    static WaitRequest? IIntrinsicCall<AsyncLock>.Begin(CoroutineFrame frame, AsyncLock primitive, object? item)
    {
        LeavingOf(frame.Session, primitive)();
        return null;
    }
}
