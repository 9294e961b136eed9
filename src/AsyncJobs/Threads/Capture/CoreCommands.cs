using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// What every worker has from the start: PowerShell's own cmdlets, aliases and functions.
/// </summary>
internal static class CoreCommands
{
    private static readonly Dictionary<string, SessionStateCommandEntry> Entries = Read();

    /// <summary>Whether a name is one of these.</summary>
    public static bool Are(string name) => Entries.ContainsKey(AliasDefinition(name) ?? name);

    /// <summary>What the alias of that name stands for; null for none.</summary>
    public static string? AliasDefinition(string name) =>
        Entries.TryGetValue(name, out SessionStateCommandEntry? entry) && entry is SessionStateAliasEntry alias ? alias.Definition : null;

    /// <summary>Whether a function is one of PowerShell's own, unchanged.</summary>
    public static bool IsFunction(FunctionInfo function) =>
        Entries.TryGetValue(function.Name, out SessionStateCommandEntry? entry)
        && entry is SessionStateFunctionEntry own
        && own.Definition == function.Definition;

    private static Dictionary<string, SessionStateCommandEntry> Read()
    {
        var entries = new Dictionary<string, SessionStateCommandEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (SessionStateCommandEntry entry in WorkerSessionState.Shared.Commands)
        {
            entries.TryAdd(entry.Name, entry);
        }

        return entries;
    }
}
