using System.Management.Automation.Runspaces;

namespace AsyncJobs.Diagnostics;

/// <summary>The runspaces of the process that are none of a session's: a script that runs there may hold what is waited for here.</summary>
internal static class OtherRunspaces
{
    private static readonly ScriptBlock GetRunspaces = SharedScriptBlock.Of(@"Microsoft.PowerShell.Utility\Get-Runspace");

    /// <summary>Whether no script runs there; on the session's thread, where it runs script.</summary>
    /// <param name="session">The session.</param>
    /// <param name="areTrusted">Whether their word is enough that they are available.</param>
    public static bool AreQuiet(RunspaceLoop session, bool areTrusted)
    {
        var family = session.Members.Select(member => member.Runspace).ToHashSet();
        return GetRunspaces.Invoke()
            .Select(item => (Runspace)item.BaseObject)
            .All(runspace => family.Contains(runspace) || ThreadTaskPool.Of(session).Owns(runspace) || IsQuiet(runspace, areTrusted));
    }

    private static bool IsQuiet(Runspace runspace, bool isTrusted)
    {
        if (runspace.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
        {
            return true;
        }

        return runspace.RunspaceAvailability == RunspaceAvailability.Available
            && (isTrusted || runspace.ConnectionInfo is not null || IsIdle(runspace));
    }

    /// <summary>
    /// A runspace calls itself available also in the middle of a script that has just run another one inside; but it
    /// shows its variables only between scripts.
    /// </summary>
    private static bool IsIdle(Runspace runspace)
    {
        try
        {
            runspace.SessionStateProxy.GetVariable("?");
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or InvalidRunspaceStateException)
        {
            return false;
        }
    }
}
