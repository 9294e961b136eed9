using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>The session state of each runspace that is not a module's, once it is known.</summary>
internal static class GlobalStates
{
    private static readonly ScriptBlock Engine = OwnScript.Of("$ExecutionContext");
    private static readonly ConditionalWeakTable<Runspace, SessionState> States = [];

    /// <summary>That of a runspace; null where the module was imported by another, and no command of ours has been called from it.</summary>
    public static SessionState? Of(Runspace runspace) => States.TryGetValue(runspace, out SessionState? state) ? state : null;

    /// <summary>
    /// Sees to it that it comes to be known where the module was imported by another, which alone calls our commands: a
    /// command that is looked up from outside all modules, such as that module's own, tells.
    /// </summary>
    public static void Watch(Runspace runspace)
    {
        var engine = (EngineIntrinsics)Engine.InvokeReturnAsIs().Bare()!;
        void Look(object? sender, CommandLookupEventArgs lookup)
        {
            // Of the moment: where the command is called from.
            if (engine.SessionState is { Module: null } state)
            {
                States.AddOrUpdate(runspace, state);
                engine.InvokeCommand.PreCommandLookupAction -= Look;
            }
        }

        engine.InvokeCommand.PreCommandLookupAction += Look;
    }

    /// <summary>Takes note of that of the calling thread's runspace.</summary>
    public static void Note(SessionState state) => States.AddOrUpdate(Runspace.DefaultRunspace, state);
}
