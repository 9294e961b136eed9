using System.Management.Automation;

namespace AsyncJobs;

/// <summary>New-Future: a result to be set later (asyncio's <c>create_future</c>).</summary>
[Cmdlet(VerbsCommon.New, "Future")]
[OutputType(typeof(Future))]
public sealed class NewFutureCommand : LoopCommand
{
    /// <summary>A name for people.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes a pending future.</summary>
    protected override void EndProcessing()
    {
        var future = new Future(Session.Loop, Name);
        Session.Tasks.NoteFailureOf(future);
        WriteObject(future);
    }
}
