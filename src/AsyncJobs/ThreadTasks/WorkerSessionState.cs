using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace AsyncJobs;

/// <summary>The initial state that all worker runspaces share: PowerShell's own, with the cmdlets of this module in it.</summary>
internal static class WorkerSessionState
{
    private static readonly Lazy<InitialSessionState> State = new(Create);

    /// <summary>For all pools of the process; a runspace that opens takes a copy.</summary>
    public static InitialSessionState Shared => State.Value;

    private static InitialSessionState Create()
    {
        // With PowerShell's own cmdlets in it: to load a module for Start-Sleep in each runspace would take longer than to open it.
        var state = InitialSessionState.CreateDefault();
        foreach (Type type in typeof(WorkerSessionState).Assembly.GetExportedTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
            {
                string name = $"{cmdlet.VerbName}-{cmdlet.NounName}";
                state.Commands.Add(new SessionStateCmdletEntry(name, type, helpFileName: null));
                AddAliases(state, type, name);
            }
        }

        return state;
    }

    private static void AddAliases(InitialSessionState state, Type type, string name)
    {
        foreach (string alias in type.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [])
        {
            state.Commands.Add(new SessionStateAliasEntry(alias, name));
        }
    }
}
