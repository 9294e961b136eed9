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
    [ArgumentCompleter(typeof(VariableCompleter<AsyncSemaphore>))]
    public AsyncSemaphore Semaphore { get; set; } = null!;

    private protected override IHolding Holding => new SemaphoreHolding(Session, Semaphore, Session.CurrentTask);

    static WaitRequest? IIntrinsicCall<AsyncSemaphore>.Begin(CoroutineFrame frame, AsyncSemaphore primitive, object? item) =>
        primitive.TryEnter(frame.Task) ? null : new SemaphoreHolding(frame.Session, primitive, frame.Task).Enter(frame.Task);
}
