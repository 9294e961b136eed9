using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Commands whose effect on the scope they run in would be lost with the native step.</summary>
internal static class UnsupportedCommands
{
    /// <summary>What is refused of a command, and what to write instead; null if it is fine.</summary>
    public static (string What, string Instead)? Of(CommandAst command)
    {
        if (command.Does(CommandEffect.SetsStrictMode) && StrictModeVersion.Of(command) is null)
        {
            return ("Set-StrictMode with a version that is computed", "Write the version, or -Off.");
        }

        if (command.Does(CommandEffect.MakesDrive) && !HasWideScope(command))
        {
            return ("New-PSDrive, whose drive goes with the scope it is made in,", "Make the drive before the task starts, or with -Scope Global.");
        }

        if (command.Does(CommandEffect.NamesVariable) && ReachesOut(command))
        {
            return ("-Scope with the number of a scope around the block", "Name the variable, which the block then sees as it was at its start; and write what is to be changed outside as output.");
        }

        return null;
    }

    /// <summary>Whether it says, by number, a scope outside the one it runs in: a coroutine has no caller any more.</summary>
    private static bool ReachesOut(CommandAst command) => NamedArguments.Of(command)
        .Where(static named => BuiltInParameters.Means(named.Parameter, "Scope"))
        .Take(1)
        .Any(static named => named.Value is ConstantExpressionAst constant && int.TryParse($"{constant.Value}", out int number) && number > 0);

    private static bool HasWideScope(CommandAst command) => command.CommandElements.Any(static element =>
        element is StringConstantExpressionAst { Value: { } value } && (value.Equals("Global", StringComparison.OrdinalIgnoreCase) || value.Equals("Script", StringComparison.OrdinalIgnoreCase)));
}
