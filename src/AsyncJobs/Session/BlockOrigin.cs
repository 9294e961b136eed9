using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Where a block sees variables and functions from. A function of a module that is given a block and starts it is not
/// where the block stands: called there, it would still see what its writer sees, and nothing of the module's.
/// </summary>
internal static class BlockOrigin
{
    // How far up an advanced function is looked for whose caller stands outside all modules.
    private const int MostScopes = 50;

    private static readonly Lazy<ScriptBlock> Callers = new(() => ScriptBlock.Create(
        @"Microsoft.PowerShell.Utility\Get-Variable PSCmdlet -ValueOnly -Scope $args[0] -ErrorAction Ignore"));

    /// <summary>The session state that a block belongs to; what is global where nobody can tell.</summary>
    /// <param name="caller">The cmdlet that starts it.</param>
    /// <param name="block">The block.</param>
    public static SessionState Of(PSCmdlet caller, ScriptBlock block)
    {
        PSModuleInfo? here = caller.SessionState.Module;
        if (block.Module == here || IsOfNowhere(block))
        {
            return caller.SessionState;
        }

        return block.Module is { } module ? module.SessionState : GlobalState(caller) ?? SeenByModules();
    }

    /// <summary>Text made a block belongs to whoever runs it, and a closure sees its own variables in any case.</summary>
    private static bool IsOfNowhere(ScriptBlock block) => block.Ast.Parent is null || (block.Module is { } module && ModuleInMemory.Is(module));

    private static SessionState? GlobalState(PSCmdlet caller)
    {
        if (AsyncSession.Current.GlobalState is null && FindGlobalState(caller) is { } state)
        {
            GlobalStates.Note(state);
        }

        return AsyncSession.Current.GlobalState;
    }

    /// <summary>An advanced function knows the session state of its caller.</summary>
    private static SessionState? FindGlobalState(PSCmdlet caller)
    {
        for (int scope = 0; scope < MostScopes; scope++)
        {
            try
            {
                var found = caller.InvokeCommand.InvokeScript(useLocalScope: false, Callers.Value, input: null, scope);
                if (found is [{ BaseObject: PSCmdlet { SessionState: { Module: null } state } }])
                {
                    return state;
                }
            }
            catch (RuntimeException)
            {
                // There is no such scope.
                break;
            }
        }

        return null;
    }

    /// <summary>What every module sees of the session outside it: its global variables and functions.</summary>
    private static SessionState SeenByModules() => new PSModuleInfo(linkToGlobal: true).SessionState;
}
