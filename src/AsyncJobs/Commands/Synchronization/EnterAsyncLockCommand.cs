namespace AsyncJobs;

/// <summary>Enter-AsyncLock: waits for a lock and takes it (asyncio's <c>acquire</c>).</summary>
[Cmdlet(VerbsCommon.Enter, "AsyncLock")]
[Suspends]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class EnterAsyncLockCommand : EnterCommand, IIntrinsicCall<AsyncLock>
{
    /// <summary>The lock.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncLock>))]
    public AsyncLock Lock { get; set; } = null!;

    private protected override IHolding Holding => new LockHolding(Session, Lock);

    static WaitRequest? IIntrinsicCall<AsyncLock>.Begin(CoroutineFrame frame, AsyncLock primitive, object? item) =>
        new LockHolding(frame.Session, primitive).Enter(frame.Task);
}
