using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// The initial state that all worker runspaces share: PowerShell's own, with this module imported, and without
/// its formatting data, which comes later (<c>LateFormats</c>).
/// </summary>
internal static class WorkerSessionState
{
    private static readonly Lazy<(InitialSessionState Initial, IReadOnlyList<SessionStateFormatEntry> Formats)> State = new(Create);

    /// <summary>For all pools of the process; a runspace that opens takes a copy.</summary>
    public static InitialSessionState Shared => State.Value.Initial;

    /// <summary>The formatting data that belongs to the state.</summary>
    public static IReadOnlyList<SessionStateFormatEntry> Formats => State.Value.Formats;

    /// <summary>A cmdlet of the state, to be called whatever else has its name.</summary>
    public static CmdletInfo CmdletOf(string name) =>
        new(name, Shared.Commands[name].OfType<SessionStateCmdletEntry>().First().ImplementingType);

    private static (InitialSessionState Initial, IReadOnlyList<SessionStateFormatEntry> Formats) Create()
    {
        // With PowerShell's own cmdlets in it: to load a module for Start-Sleep in each runspace would take longer than to open it.
        var state = InitialSessionState.CreateDefault();

        // As a module, so that commands there are of the module that they are of elsewhere.
        state.ImportPSModule([typeof(WorkerSessionState).Assembly.Location]);

        SessionStateFormatEntry[] formats = [.. state.Formats];
        state.Formats.Clear();
        return (state, formats);
    }
}
