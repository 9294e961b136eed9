using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Use-AsyncLock: runs a block while it holds a lock (asyncio's <c>async with lock</c>).</summary>
[Cmdlet(VerbsOther.Use, "AsyncLock")]
[Suspends(HasBody = true)]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(object))]
public sealed class UseAsyncLockCommand : LockCommand, IIntrinsicCall<AsyncLock>
{
    /// <summary>Runs in the caller's scope, as ForEach-Object's block does: what it assigns stays.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Seconds to wait for the lock; past it TimeoutException is thrown and the block does not run.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Takes the lock, runs the block, leaves the lock however the block ends.</summary>
    protected override void EndProcessing() => RunHolding(Enter(TimeoutSec), ScriptBlock, Leaving());

    static WaitRequest? IIntrinsicCall<AsyncLock>.Begin(CoroutineFrame frame, AsyncLock primitive, object? item) =>
        RequestFor(frame.Session, primitive, frame.Task, limit: null) with { Exit = LeavingOf(frame.Session, primitive) };
}
