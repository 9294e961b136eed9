using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>The session state of each runspace that is not a module's, once it is known.</summary>
internal static class GlobalStates
{
    private static readonly ConditionalWeakTable<Runspace, SessionState> States = [];

    /// <summary>That of a runspace; null where the module was imported by another, and no command of ours has been called from it.</summary>
    public static SessionState? Of(Runspace runspace) => States.TryGetValue(runspace, out SessionState? state) ? state : null;

    /// <summary>Takes note of that of the calling thread's runspace.</summary>
    public static void Note(SessionState state) => States.AddOrUpdate(Runspace.DefaultRunspace, state);
}
