using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Commands whose effect on the scope they run in would be lost with the native step.</summary>
internal static class UnsupportedCommands
{
    /// <summary>What is refused of a command, and what to write instead; null if it is fine.</summary>
    public static (string What, string Instead)? Of(CommandAst command)
    {
        string? name = command.GetCommandName();
        if (name is null)
        {
            return null;
        }

        if (name.Equals("Set-StrictMode", StringComparison.OrdinalIgnoreCase) && StrictModeVersion.Of(command) is null)
        {
            return ("Set-StrictMode with a version that is computed", "Write the version, or -Off.");
        }

        if ((name.Equals("New-PSDrive", StringComparison.OrdinalIgnoreCase) || name is "ndr" or "mount") && !HasWideScope(command))
        {
            return ("New-PSDrive, whose drive goes with the scope it is made in,", "Make the drive before the task starts, or with -Scope Global.");
        }

        if ((VariableNames.IsNamingCommand(name) || name.Equals("Get-Variable", StringComparison.OrdinalIgnoreCase) || name.Equals("gv", StringComparison.OrdinalIgnoreCase))
            && ReachesOut(command))
        {
            return ("-Scope with the number of a scope around the block", "Name the variable, which the block then sees as it was at its start; and write what is to be changed outside as output.");
        }

        return null;
    }

    /// <summary>Whether it says, by number, a scope outside the one it runs in: a coroutine has no caller any more.</summary>
    private static bool ReachesOut(CommandAst command) => NamedArguments.Of(command)
        .Where(static named => named.Parameter.Length > 1 && "Scope".StartsWith(named.Parameter, StringComparison.OrdinalIgnoreCase))
        .Take(1)
        .Any(static named => named.Value is ConstantExpressionAst constant && int.TryParse($"{constant.Value}", out int number) && number > 0);

    private static bool HasWideScope(CommandAst command) => command.CommandElements.Any(static element =>
        element is StringConstantExpressionAst { Value: { } value } && (value.Equals("Global", StringComparison.OrdinalIgnoreCase) || value.Equals("Script", StringComparison.OrdinalIgnoreCase)));
}
