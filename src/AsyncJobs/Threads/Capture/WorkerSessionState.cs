using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>
/// The initial state that all worker runspaces share: PowerShell's own, with the cmdlets of this module in it, and without
/// its formatting data, which comes later (<see cref="LateFormats"/>).
/// </summary>
internal static class WorkerSessionState
{
    private static readonly Lazy<(InitialSessionState Initial, IReadOnlyList<SessionStateFormatEntry> Formats)> State = new(Create);

    /// <summary>For all pools of the process; a runspace that opens takes a copy.</summary>
    public static InitialSessionState Shared => State.Value.Initial;

    /// <summary>The formatting data that belongs to it.</summary>
    public static IReadOnlyList<SessionStateFormatEntry> Formats => State.Value.Formats;

    /// <summary>One of its cmdlets, to be called whatever else has its name.</summary>
    public static CmdletInfo CmdletOf(string name) =>
        new(name, Shared.Commands[name].OfType<SessionStateCmdletEntry>().First().ImplementingType);

    private static (InitialSessionState Initial, IReadOnlyList<SessionStateFormatEntry> Formats) Create()
    {
        // With PowerShell's own cmdlets in it: to load a module for Start-Sleep in each runspace would take longer than to open it.
        var state = InitialSessionState.CreateDefault();
        foreach (ModuleCommand command in ModuleCommands.All)
        {
            state.Commands.Add(new SessionStateCmdletEntry(command.Name, command.Type, helpFileName: null));
            state.Commands.Add(command.Aliases.Select(alias => new SessionStateAliasEntry(alias, command.Name)));
        }

        SessionStateFormatEntry[] formats = [.. state.Formats];
        state.Formats.Clear();
        return (state, formats);
    }
}
