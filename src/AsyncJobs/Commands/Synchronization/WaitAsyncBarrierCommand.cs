namespace AsyncJobs;

/// <summary>Wait-AsyncBarrier: waits until all parties have come (asyncio's <c>wait</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncBarrier")]
[Suspends]
[OutputType(typeof(int))]
public sealed class WaitAsyncBarrierCommand : TimedWaitCommand
{
    /// <summary>The barrier.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncBarrier>))]
    public AsyncBarrier Barrier { get; set; } = null!;

    /// <summary>Waits, and writes the number of this party.</summary>
    protected override void EndProcessing()
    {
        Task<int>? waiting = null;
        Await(WaitFor(Barrier, token => waiting = Barrier.WaitAsync(token), output: () => waiting!.Result));
    }
}
