using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Takes note of the session state that it is called in.</summary>
[Cmdlet(VerbsLifecycle.Register, "AsyncJobsState")]
internal sealed class NoteStateCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Register-AsyncJobsState", typeof(NoteStateCommand));

    /// <summary>Takes it.</summary>
    protected override void EndProcessing()
    {
        if (SessionState.Module is null)
        {
            GlobalStates.Note(SessionState);
        }
    }
}
