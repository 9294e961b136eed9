namespace AsyncJobs;

/// <summary>Wait-AsyncQueue: waits until the work on every item that was put is done (asyncio's <c>join</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncQueue")]
[Suspends]
[OutputType(typeof(void))]
public sealed class WaitAsyncQueueCommand : QueueWaitCommand
{
    /// <summary>Waits.</summary>
    protected override void EndProcessing() => Await(WaitFor(Queue, Queue.JoinAsync));
}
