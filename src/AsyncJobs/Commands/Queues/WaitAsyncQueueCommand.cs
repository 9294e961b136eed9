using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Wait-AsyncQueue: waits until the work on every item that was put is done (asyncio's <c>join</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncQueue")]
[Suspends]
[OutputType(typeof(void))]
public sealed class WaitAsyncQueueCommand : QueueCommand
{
    /// <summary>Seconds to wait; past it TimeoutException is thrown.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Waits.</summary>
    protected override void EndProcessing() => Await(WaitFor(Queue, Queue.JoinAsync, limit: LimitOf(TimeoutSec)));
}
