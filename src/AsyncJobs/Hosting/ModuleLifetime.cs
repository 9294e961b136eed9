using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>
/// Import-Module takes note of where the session is; Remove-Module closes it: it cancels what is left and gives threads
/// and connections back.
/// </summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Called by PowerShell when the module comes to a runspace, in the session state that imports it.</summary>
    public void OnImport()
    {
        try
        {
            if (Runspace.DefaultRunspace is { } runspace)
            {
                GlobalSessionState.Find(runspace);
            }
        }
        catch (RuntimeException)
        {
            // Nothing that the import should fail for: the first command called from there tells as much.
        }
    }

    /// <summary>Called by PowerShell when the module leaves a runspace.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace)
        {
            RunspaceLoop.EndBeforeClose(runspace);
            RunspaceLoop.Close(runspace);
        }

        WebClientPool.Shared.CloseConnections();
    }
}
