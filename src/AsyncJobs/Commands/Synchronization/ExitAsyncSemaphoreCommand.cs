namespace AsyncJobs;

/// <summary>Exit-AsyncSemaphore: gives a permit back (asyncio's <c>release</c>).</summary>
[Cmdlet(VerbsCommon.Exit, "AsyncSemaphore")]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class ExitAsyncSemaphoreCommand : ExitCommand, IIntrinsicCall<AsyncSemaphore>
{
    /// <summary>The semaphore.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncSemaphore>))]
    public AsyncSemaphore Semaphore { get; set; } = null!;

    private protected override IHolding Holding => new SemaphoreHolding(Session, Semaphore, Session.CurrentTask);

    static WaitRequest? IIntrinsicCall<AsyncSemaphore>.Begin(CoroutineFrame frame, AsyncSemaphore primitive, object? item)
    {
        primitive.Release(frame.Task);
        return null;
    }
}
