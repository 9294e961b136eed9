using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Clear-AsyncEvent: makes an event one to be waited for again (asyncio's <c>clear</c>).</summary>
[Cmdlet(VerbsCommon.Clear, "AsyncEvent")]
[OutputType(typeof(void))]
public sealed class ClearAsyncEventCommand : EventCommand
{
    /// <summary>Clears the event.</summary>
    protected override void EndProcessing() => Event.Clear();
}
