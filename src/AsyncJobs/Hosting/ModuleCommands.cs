using System.Reflection;

namespace AsyncJobs.Hosting;

/// <summary>The module's cmdlets, as their classes say of themselves; found once for the process.</summary>
internal static class ModuleCommands
{
    /// <summary>All commands; those of the engine are not public, and so not among these.</summary>
    public static IReadOnlyList<ModuleCommand> All { get; } =
    [
        .. from type in typeof(ModuleCommands).Assembly.GetExportedTypes()
           let cmdlet = type.GetCustomAttribute<CmdletAttribute>(inherit: false)
           where cmdlet is not null
           select new ModuleCommand(type, $"{cmdlet.VerbName}-{cmdlet.NounName}"),
    ];
}
