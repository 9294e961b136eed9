namespace AsyncJobs;

/// <summary>Use-AsyncSemaphore: runs a block while it holds a permit (asyncio's <c>async with semaphore</c>).</summary>
[Cmdlet(VerbsOther.Use, "AsyncSemaphore")]
[Suspends(HasBody = true)]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(object))]
public sealed class UseAsyncSemaphoreCommand : UseCommand, IIntrinsicCall<AsyncSemaphore>
{
    /// <summary>The semaphore.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncSemaphore>))]
    public AsyncSemaphore Semaphore { get; set; } = null!;

    private protected override IHolding Holding => new SemaphoreHolding(Session, Semaphore, Session.CurrentTask);

    static WaitRequest? IIntrinsicCall<AsyncSemaphore>.Begin(CoroutineFrame frame, AsyncSemaphore primitive, object? item) =>
        Begin(frame, new SemaphoreHolding(frame.Session, primitive, frame.Task));
}
