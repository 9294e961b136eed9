using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Writes what came of a coroutine's wait, in the place of the command that asked for it; so errors have that place's
/// position. Not exported: the engine calls it.
/// </summary>
[Cmdlet(VerbsLifecycle.Resume, "AsyncCoroutine")]
public class ResumeCommand : LoopCommand
{
    internal static readonly CmdletInfo Info = new("Resume-AsyncCoroutine", typeof(ResumeCommand));

    /// <summary>Nothing to report here: the command that asked has done so.</summary>
    protected override void BeginProcessing()
    {
    }

    /// <summary>Writes or throws.</summary>
    protected override void EndProcessing()
    {
        if (CoroutineFrame.CurrentOf(Session) is { Resuming: { } wait } frame)
        {
            wait.Finish(this);
            frame.Request = wait.Next?.Invoke(this);
        }
    }
}
