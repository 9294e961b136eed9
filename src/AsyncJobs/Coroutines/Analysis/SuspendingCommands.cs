using System.Reflection;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The cmdlets by which coroutines wait (<see cref="SuspendsAttribute"/>). One that a coroutine calls in its own statements
/// says what to wait for instead of waiting (<c>AskingExtent</c>); the same cmdlet called anywhere else, in a nested
/// block, say, waits.
/// </summary>
internal static class SuspendingCommands
{
    private static readonly Dictionary<string, SuspendingCommand> ByName = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<Type, SuspendingCommand> ByType = [];

    static SuspendingCommands()
    {
        foreach (ModuleCommand command in ModuleCommands.All)
        {
            if (command.Type.GetCustomAttribute<SuspendsAttribute>() is { } suspends)
            {
                Add(command, suspends);
            }
        }
    }

    /// <summary>The one of that name or alias, or null.</summary>
    public static SuspendingCommand? Of(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The one that a command is, under whichever name, or null.</summary>
    public static SuspendingCommand? Of(CommandInfo command) =>
        command is CmdletInfo cmdlet ? ByType.GetValueOrDefault(cmdlet.ImplementingType) : null;

    private static void Add(ModuleCommand command, SuspendsAttribute suspends)
    {
        Type type = command.Type;
        var added = new SuspendingCommand(
            new CmdletInfo(command.Name, type),
            suspends.HasBody,
            suspends.TakesInput,
            type.GetCustomAttribute<KeepsWritingAttribute>(),
            type.GetCustomAttribute<IntrinsicAttribute>()?.Kind ?? IntrinsicKind.None);
        ByType[type] = added;
        foreach (string known in command.Aliases.Prepend(command.Name))
        {
            ByName[known] = added;
        }
    }
}
