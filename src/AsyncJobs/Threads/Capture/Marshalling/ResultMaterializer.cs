using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>The making of a task's results on the task's own thread: blocks belong to whoever calls them.</summary>
/// <param name="runspace">The caller's, in which closures have their variables.</param>
internal sealed class ResultMaterializer(Runspace runspace) : Materializer(state: null)
{
    /// <summary>A module for the caller's session: modules are made for that of the thread. No script runs.</summary>
    public override PSModuleInfo NewModule()
    {
        Runspace own = Runspace.DefaultRunspace;
        try
        {
            Runspace.DefaultRunspace = runspace;
            return base.NewModule();
        }
        finally
        {
            Runspace.DefaultRunspace = own;
        }
    }
}
