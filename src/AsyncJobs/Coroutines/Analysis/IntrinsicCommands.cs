using System.Reflection;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The cmdlets that do not wait and that the engine may do by itself: ours (<see cref="IntrinsicAttribute"/>), and
/// <c>Set-StrictMode</c>. A script may have put something in the place of one, so their names are looked up where a block starts.
/// </summary>
internal static class IntrinsicCommands
{
    private const CommandTypes Kinds = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;

    private static readonly Dictionary<string, Type> ByName = ModuleCommands.All
        .Where(static command => command.Type.IsDefined(typeof(IntrinsicAttribute)) && !command.Type.IsDefined(typeof(SuspendsAttribute)))
        .SelectMany(static command => command.Aliases.Prepend(command.Name), static (command, name) => (Name: name, command.Type))
        .Append((StrictMode.SetCommand.Name, Type: StrictMode.SetCommand.ImplementingType))
        .ToDictionary(static known => known.Name, static known => known.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The cmdlet of a name, or null.</summary>
    public static Type? Of(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether a block defines a function of one of the names itself.</summary>
    public static bool AreDefinedIn(ScriptBlockAst block, IReadOnlyCollection<string> names) => BlockFacts.Of(block).Functions.Any(
        function => names.Any(name => function.Node.Name[(function.Node.Name.LastIndexOf(':') + 1)..].Equals(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether names mean these cmdlets where a block starts.</summary>
    public static bool AreMeant(CommandInvocationIntrinsics commands, IReadOnlyCollection<string> names) =>
        names.All(name => Meant(commands.GetCommand(name, Kinds)) is CmdletInfo found && found.ImplementingType == ByName[name]);

    private static CommandInfo? Meant(CommandInfo? found) => found is AliasInfo alias ? alias.ResolvedCommand : found;
}
