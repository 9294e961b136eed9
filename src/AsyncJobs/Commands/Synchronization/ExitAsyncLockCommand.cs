using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Exit-AsyncLock: leaves a lock (asyncio's <c>release</c>).</summary>
[Cmdlet(VerbsCommon.Exit, "AsyncLock")]
[OutputType(typeof(void))]
public sealed class ExitAsyncLockCommand : LockCommand
{
    /// <summary>Leaves the lock.</summary>
    protected override void EndProcessing() => Exit(Leaving());
}
