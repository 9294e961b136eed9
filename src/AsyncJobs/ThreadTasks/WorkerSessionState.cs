using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace AsyncJobs;

/// <summary>The initial state that all worker runspaces share: PowerShell's own, with the cmdlets of this module in it.</summary>
internal static class WorkerSessionState
{
    public static InitialSessionState Create()
    {
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
