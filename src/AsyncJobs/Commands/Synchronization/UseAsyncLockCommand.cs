namespace AsyncJobs;

/// <summary>Use-AsyncLock: runs a block while it holds a lock (asyncio's <c>async with lock</c>).</summary>
[Cmdlet(VerbsOther.Use, "AsyncLock")]
[Suspends(HasBody = true)]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(object))]
public sealed class UseAsyncLockCommand : UseCommand, IIntrinsicCall<AsyncLock>
{
    /// <summary>The lock.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncLock>))]
    public AsyncLock Lock { get; set; } = null!;

    private protected override IHolding Holding => new LockHolding(Session, Lock);

    static WaitRequest? IIntrinsicCall<AsyncLock>.Begin(CoroutineFrame frame, AsyncLock primitive, object? item) =>
        Begin(frame, new LockHolding(frame.Session, primitive));
}
