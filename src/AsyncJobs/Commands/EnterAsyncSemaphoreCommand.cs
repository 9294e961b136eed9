using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Enter-AsyncSemaphore: waits for a permit and takes it (asyncio's <c>acquire</c>).</summary>
[Cmdlet(VerbsCommon.Enter, "AsyncSemaphore")]
[OutputType(typeof(void))]
public sealed class EnterAsyncSemaphoreCommand : SemaphoreCommand
{
    /// <summary>Takes one permit.</summary>
    protected override void EndProcessing() => Enter();
}
