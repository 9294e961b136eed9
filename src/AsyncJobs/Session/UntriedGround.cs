using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Runs something as at the top of a script: an error there ends its statement and no more, whatever <c>try</c> stands
/// around the command that runs it. PowerShell forgets such a try in one place only, a <c>clean</c> block.
/// </summary>
internal sealed class UntriedGround(AsyncSession session)
{
    private static readonly ScriptBlock Probe = OwnScript.Of($"$ErrorActionPreference = 'Ignore'; $null = 1 / {ErrorList.ProbeVariable}");

    private static readonly ScriptBlock Ground = BlockWithin.Of("& { end { } clean { & $__asyncJobsRun } }");

    /// <summary>Whether a try stands around the command that runs now, so that errors would not end at their statement.</summary>
    public bool IsTried()
    {
        try
        {
            Probe.InvokeWithContext(BlockWithin.NoFunctions, []);
            return false;
        }
        catch (RuntimeException)
        {
            return true;
        }
        finally
        {
            ErrorList.RemoveProbe(session.CurrentCommand?.SessionState);
        }
    }

    /// <summary>Runs an action there, and throws what it throws.</summary>
    public void Run(Action action) => session.Within.Run(Ground, [], action);
}
