namespace AsyncJobs;

/// <summary>Stop-AsyncBarrier: breaks a barrier until it is reset (asyncio's <c>abort</c>).</summary>
[Cmdlet(VerbsLifecycle.Stop, "AsyncBarrier")]
[OutputType(typeof(void))]
public sealed class StopAsyncBarrierCommand : BarrierCommand
{
    /// <summary>Breaks the barrier.</summary>
    protected override void ProcessRecord() => Barrier.Abort();
}
