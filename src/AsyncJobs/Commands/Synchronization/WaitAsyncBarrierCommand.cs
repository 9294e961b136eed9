using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Wait-AsyncBarrier: waits until all parties have come (asyncio's <c>wait</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncBarrier")]
[Suspends]
[OutputType(typeof(int))]
public sealed class WaitAsyncBarrierCommand : BarrierCommand
{
    /// <summary>Seconds to wait for the other parties; past it TimeoutException is thrown and the place is given up.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Waits, and writes the number of this party.</summary>
    protected override void EndProcessing()
    {
        Task<int>? waiting = null;
        Await(WaitFor(Barrier, token => waiting = Barrier.WaitAsync(token), limit: LimitOf(TimeoutSec), output: () => waiting!.Result));
    }
}
