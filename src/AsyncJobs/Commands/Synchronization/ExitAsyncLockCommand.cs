namespace AsyncJobs;

/// <summary>Exit-AsyncLock: leaves a lock (asyncio's <c>release</c>).</summary>
[Cmdlet(VerbsCommon.Exit, "AsyncLock")]
[Intrinsic(IntrinsicKind.Call)]
[OutputType(typeof(void))]
public sealed class ExitAsyncLockCommand : ExitCommand, IIntrinsicCall<AsyncLock>
{
    /// <summary>The lock.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncLock>))]
    public AsyncLock Lock { get; set; } = null!;

    private protected override IHolding Holding => new LockHolding(Session, Lock);

    static WaitRequest? IIntrinsicCall<AsyncLock>.Begin(CoroutineFrame frame, AsyncLock primitive, object? item)
    {
        new LockHolding(frame.Session, primitive).Leave();
        return null;
    }
}
