using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// The initial state that all worker runspaces share: PowerShell's own, without its formatting data and without this
/// module, which come when a task needs them (<c>DeferredFormatData</c>, <c>WorkerModules</c>).
/// </summary>
internal sealed class WorkerSessionState
{
    private static readonly Lazy<WorkerSessionState> State = new(static () => new WorkerSessionState());

    private readonly InitialSessionState _initial;
    private readonly SessionStateFormatEntry[] _formats;

    private WorkerSessionState()
    {
        // With PowerShell's own cmdlets in it: to load a module for Start-Sleep in each runspace would take longer than to open it.
        _initial = InitialSessionState.CreateDefault();

        _formats = [.. _initial.Formats];
        _initial.Formats.Clear();
    }

    /// <summary>For all pools of the process; a runspace that opens takes a copy.</summary>
    public static InitialSessionState Shared => State.Value._initial;

    /// <summary>The formatting data that belongs to the state.</summary>
    public static IReadOnlyList<SessionStateFormatEntry> Formats => State.Value._formats;

    /// <summary>A cmdlet of the state, to be called whatever else has its name.</summary>
    public static CmdletInfo CmdletOf(string name) =>
        new(name, Shared.Commands[name].OfType<SessionStateCmdletEntry>().First().ImplementingType);
}
