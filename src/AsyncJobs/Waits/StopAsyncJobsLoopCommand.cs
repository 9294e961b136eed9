using System.Management.Automation.Runspaces;

namespace AsyncJobs.Waits;

/// <summary>
/// The cmdlet that coroutines run their last steps within when the session ends or the module goes, where no cmdlet of ours
/// runs; it is in no command table.
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "AsyncJobsLoop")]
internal sealed class StopAsyncJobsLoopCommand : LoopCommand
{
    private static readonly CmdletInfo Info = new("Stop-AsyncJobsLoop", typeof(StopAsyncJobsLoopCommand));
    private static readonly ScriptBlock Call = ScriptFrame.Of("& $__asyncJobsRun");

    // In a runspace that closes PowerShell loads no module by itself, and a finally is likely to call these.
    private static readonly ScriptBlock LoadModules = ScriptFrame.Of(
        "Microsoft.PowerShell.Core\\Import-Module Microsoft.PowerShell.Utility, Microsoft.PowerShell.Management -ErrorAction Ignore");

    /// <summary>Calls it, on the session's own thread.</summary>
    public static void Run() => Call.InvokeWithContext(ScriptFrame.NoFunctions, [], Info);

    /// <summary>Ends all tasks.</summary>
    protected override void EndProcessing()
    {
        if (Session.Runspace.RunspaceStateInfo.State == RunspaceState.Closing)
        {
            LoadModules.InvokeWithContext(ScriptFrame.NoFunctions, []);
        }

        Session.EndTasks(this, "the session is closing");
    }
}
