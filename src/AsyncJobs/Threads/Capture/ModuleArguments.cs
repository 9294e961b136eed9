using System.Runtime.CompilerServices;

namespace AsyncJobs.Threads.Capture;

/// <summary>What the script of a module was given when it was imported. PowerShell keeps it nowhere else than in the script's parameters.</summary>
internal static class ModuleArguments
{
    private static readonly ConditionalWeakTable<PSModuleInfo, string[]> Parameters = [];

    /// <summary>The parameters as they are now, in their order, up to the last that holds anything.</summary>
    public static object?[] Of(PSModuleInfo module)
    {
        object?[] values = Array.ConvertAll(
            Parameters.GetValue(module, NamesIn), name => (object?)module.SessionState.PSVariable.GetValue(name));
        return values[..(Array.FindLastIndex(values, static value => value is not null) + 1)];
    }

    // Arguments are positional, and a switch is not.
    private static string[] NamesIn(PSModuleInfo module) =>
        module.SessionState is null || !module.Path.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase) ? []
        : Parser.ParseFile(module.Path, out _, out _).ParamBlock is not { } block ? []
        : [.. block.Parameters.Where(static parameter => parameter.StaticType != typeof(SwitchParameter))
            .Select(static parameter => parameter.Name.VariablePath.UserPath)];
}
