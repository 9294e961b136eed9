using System.Management.Automation.Runspaces;

namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Whether a runspace has breakpoints. While it has none, the engine of coroutines may do simple steps by itself; PowerShell
/// has to run those in which a breakpoint may be.
/// </summary>
internal sealed class BreakpointWatch : IDisposable
{
    private readonly Debugger? _debugger;

    public BreakpointWatch(Runspace runspace)
    {
        _debugger = runspace.Debugger;
        if (_debugger is not null)
        {
            _debugger.BreakpointUpdated += Update;
            Look(_debugger);
        }
    }

    public bool HasBreakpoints { get; private set; }

    /// <summary>Whether one of them is on a command.</summary>
    public bool AreOnCommands { get; private set; }

    public void Dispose()
    {
        if (_debugger is not null)
        {
            _debugger.BreakpointUpdated -= Update;
        }
    }

    private void Update(object? sender, BreakpointUpdatedEventArgs update) => Look(_debugger!);

    private void Look(Debugger debugger)
    {
        IReadOnlyList<Breakpoint> known = PowerShell7.BreakpointsOf(debugger);
        HasBreakpoints = known.Count > 0;
        AreOnCommands = known.OfType<CommandBreakpoint>().Any();
    }
}
