namespace AsyncJobs;

/// <summary>
/// Writes what came of a coroutine's wait, in the place of the command that asked for it; so errors have that place's
/// position. Not exported: the engine calls it.
/// </summary>
public abstract class ResumeCommand : LoopCommand
{
    /// <summary>The one that writes in the name of a cmdlet.</summary>
    internal static CmdletInfo For(CmdletInfo cmdlet) => CmdletImpersonation<ResumeCommand>.For(cmdlet);

    /// <summary>Nothing to report here: the command that asked has done so.</summary>
    protected override void BeginProcessing()
    {
    }

    /// <summary>Writes or throws.</summary>
    protected override void EndProcessing()
    {
        if (CoroutineFrame.CurrentOf(Session) is { Steps.Resuming: { } wait } frame)
        {
            wait.Finish(this);
            frame.Steps.Request = wait.Next?.Invoke(this);
        }
    }
}
