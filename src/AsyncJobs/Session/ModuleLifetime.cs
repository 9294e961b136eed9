using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>Remove-Module closes the session: it cancels what is left and gives threads and connections back.</summary>
public sealed class ModuleLifetime : IModuleAssemblyCleanup
{
    /// <summary>Called by PowerShell when the module leaves a runspace.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace)
        {
            AsyncSession.Close(runspace);
        }

        WebClientPool.Shared.CloseConnections();
    }
}
