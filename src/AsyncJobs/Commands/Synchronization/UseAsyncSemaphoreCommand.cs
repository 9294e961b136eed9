using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Use-AsyncSemaphore: runs a block while it holds a permit (asyncio's <c>async with semaphore</c>).</summary>
[Cmdlet(VerbsOther.Use, "AsyncSemaphore")]
[Suspends(HasBody = true)]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(object))]
public sealed class UseAsyncSemaphoreCommand : SemaphoreCommand, IIntrinsicCall<AsyncSemaphore>
{
    /// <summary>Runs in the caller's scope, as ForEach-Object's block does: what it assigns stays.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Seconds to wait for a permit; past it TimeoutException is thrown and the block does not run.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Takes a permit, runs the block, gives the permit back however the block ends.</summary>
    protected override void EndProcessing() => RunHolding(Enter(TimeoutSec), ScriptBlock, Semaphore.Release);

    static WaitRequest? IIntrinsicCall<AsyncSemaphore>.Begin(CoroutineFrame frame, AsyncSemaphore primitive, object? item) =>
        RequestFor(frame.Session.Loop, primitive, limit: null) with { Exit = primitive.Release };
}
