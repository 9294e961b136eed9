namespace AsyncJobs;

/// <summary>New-AsyncEvent: a flag that can be waited for (asyncio's <c>Event</c>).</summary>
[Cmdlet(VerbsCommon.New, "AsyncEvent")]
[OutputType(typeof(AsyncEvent))]
public sealed class NewAsyncEventCommand : PSCmdlet
{
    /// <summary>A name for people.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes an event that is not set.</summary>
    protected override void EndProcessing() => WriteObject(new AsyncEvent(Name));
}
