using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Automation.Scopes;

/// <summary>The session state of each runspace that is not a module's, once it is known.</summary>
internal static class GlobalSessionState
{
    private static readonly ScriptBlock Engine = SharedScriptBlock.Of("$ExecutionContext");
    private static readonly ConditionalWeakTable<Runspace, SessionState> States = [];

    /// <summary>
    /// The global state of a runspace; null where the module was imported by another, and no command has been called from it since.
    /// </summary>
    public static SessionState? Of(Runspace runspace) => States.TryGetValue(runspace, out SessionState? state) ? state : null;

    /// <summary>
    /// Takes note of that of the calling thread's runspace, or sees to it that this is done as soon as may be. Where the
    /// module is imported by another, which alone calls our commands, a command that is looked up from outside all modules,
    /// such as that module's own, tells.
    /// </summary>
    public static void Find(Runspace runspace)
    {
        if (Of(runspace) is not null)
        {
            return;
        }

        var engine = (EngineIntrinsics)Engine.InvokeReturnAsIs().Unwrap()!;
        if (!TryNote())
        {
            engine.InvokeCommand.PreCommandLookupAction += Look;
        }

        void Look(object? sender, CommandLookupEventArgs lookup)
        {
            if (TryNote())
            {
                engine.InvokeCommand.PreCommandLookupAction -= Look;
            }
        }

        bool TryNote()
        {
            // Of the moment: where the command is called from.
            SessionState current = engine.SessionState;
            bool isGlobal = current.Module is null;
            if (isGlobal)
            {
                States.AddOrUpdate(runspace, current);
            }

            return isGlobal;
        }
    }

    /// <summary>Takes note of where a command is called in the calling thread's runspace, if that is outside all modules.</summary>
    public static void Remember(SessionState state)
    {
        if (state.Module is null && Of(Runspace.DefaultRunspace) is null)
        {
            States.AddOrUpdate(Runspace.DefaultRunspace, state);
        }
    }
}
