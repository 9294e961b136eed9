using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Set-AsyncEvent: lets all go on that wait for an event (asyncio's <c>set</c>).</summary>
[Cmdlet(VerbsCommon.Set, "AsyncEvent")]
[OutputType(typeof(void))]
public sealed class SetAsyncEventCommand : EventCommand
{
    /// <summary>Sets the event.</summary>
    protected override void EndProcessing() => Event.Set();
}
