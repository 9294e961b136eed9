using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <content>-Session: the block on remote sessions, one task for each.</content>
public sealed partial class StartAsyncTaskCommand
{
    /// <summary>Remote sessions to run the block on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public new PSSession[]? Session { get; set; }

    private protected override bool IsLocal => Session is null;

    /// <summary>Refuses a combination that has no meaning.</summary>
    private void CheckSession()
    {
        if (Session is not null && (HasInput || InitializationScript is not null))
        {
            Refuse(
                "-Session runs the block once in each session, so it takes no input and no -InitializationScript. "
                + "Give the block what it works on with -ArgumentList or $using:.",
                Session);
        }
    }

    private void StartInSessions(PSSession[] sessions)
    {
        SessionScript script = ScriptBlock is null
            ? new SessionScript(this, ScriptFile.Resolve(this, FilePath!), ArgumentList)
            : new SessionScript(this, ScriptBlock, ArgumentList);
        ThrowIfGroupIsClosed();
        foreach (PSSession session in sessions)
        {
            if (AsJob)
            {
                AsyncTaskJob job = AddToBatch(session.ComputerName);
                job.Follow(SessionTask.Start(base.Session.Runner, session, script, OptionsFor(job), StreamingTo, job));
            }
            else
            {
                WriteStarted(SessionTask.Start(base.Session.Runner, session, script, Options, StreamingTo, job: null));
            }
        }
    }
}
