namespace AsyncJobs;

/// <summary>Reset-AsyncBarrier: empties a barrier and makes it usable (asyncio's <c>reset</c>).</summary>
[Cmdlet(VerbsCommon.Reset, "AsyncBarrier")]
[OutputType(typeof(void))]
public sealed class ResetAsyncBarrierCommand : BarrierCommand
{
    /// <summary>Resets the barrier.</summary>
    protected override void ProcessRecord() => Barrier.Reset();
}
