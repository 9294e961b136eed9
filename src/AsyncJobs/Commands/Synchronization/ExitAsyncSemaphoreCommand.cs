using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Exit-AsyncSemaphore: gives a permit back (asyncio's <c>release</c>).</summary>
[Cmdlet(VerbsCommon.Exit, "AsyncSemaphore")]
[OutputType(typeof(void))]
public sealed class ExitAsyncSemaphoreCommand : SemaphoreCommand
{
    /// <summary>Gives one permit back.</summary>
    protected override void EndProcessing() => Exit(Semaphore.Release);
}
