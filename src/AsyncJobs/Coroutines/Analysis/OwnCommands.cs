using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// Our cmdlets that do not wait and that the engine may do by itself. A script may have put something in the place of
/// one, so their names are looked up where a block starts.
/// </summary>
internal static class OwnCommands
{
    private const CommandTypes Kinds = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;

    private static readonly Dictionary<string, Type> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Start-AsyncSleep"] = typeof(StartAsyncSleepCommand),
        ["Exit-AsyncSemaphore"] = typeof(ExitAsyncSemaphoreCommand),
        ["Exit-AsyncLock"] = typeof(ExitAsyncLockCommand),
        ["Set-AsyncEvent"] = typeof(SetAsyncEventCommand),
        ["Clear-AsyncEvent"] = typeof(ClearAsyncEventCommand),
        ["Complete-AsyncQueueItem"] = typeof(CompleteAsyncQueueItemCommand),
    };

    /// <summary>The cmdlet that a command seems to be, or null. The block asks for its name to be looked up.</summary>
    public static Type? Of(CoroutineUnit unit, CommandAst command)
    {
        // A block that changes its scope unseen may change what the name means.
        if (unit.KeepsScope || command.Redirections.Count > 0 || Sites.NameOf(command) is not { } name || !ByName.TryGetValue(name, out Type? cmdlet))
        {
            return null;
        }

        unit.OwnCommands.Add(name);
        return cmdlet;
    }

    /// <summary>Whether a block defines a function of one of the names itself.</summary>
    public static bool AreDefinedIn(ScriptBlockAst block, IReadOnlyCollection<string> names) => block.Find(
        node => node is FunctionDefinitionAst function && names.Any(name => function.Name.EndsWith(name, StringComparison.OrdinalIgnoreCase)),
        searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether names mean our cmdlets where a block starts.</summary>
    public static bool AreMeant(CommandInvocationIntrinsics commands, IReadOnlyCollection<string> names) =>
        names.All(name => commands.GetCommand(name, Kinds) is CmdletInfo found && found.ImplementingType == ByName[name]);
}
