namespace AsyncJobs;

/// <summary>Enter-AsyncSemaphore: waits for a permit and takes it (asyncio's <c>acquire</c>).</summary>
[Cmdlet(VerbsCommon.Enter, "AsyncSemaphore")]
[Suspends]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class EnterAsyncSemaphoreCommand : EnterCommand, IIntrinsicCall<AsyncSemaphore>
{
    /// <summary>The semaphore.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncSemaphore Semaphore { get; set; } = null!;

    private protected override IHolding Holding => new SemaphoreHolding(Session, Semaphore);

    static WaitRequest? IIntrinsicCall<AsyncSemaphore>.Begin(CoroutineFrame frame, AsyncSemaphore primitive, object? item)
    {
        var holding = new SemaphoreHolding(frame.Session, primitive);
        return holding.TryEnter(frame.Task) ? null : holding.Enter(frame.Task);
    }
}
