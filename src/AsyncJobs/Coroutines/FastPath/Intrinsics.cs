namespace AsyncJobs.Coroutines.FastPath;

/// <summary>Which commands of a block the engine may do by itself, other than those that suspend.</summary>
internal static class Intrinsics
{
    /// <summary>The cmdlet that a command seems to be, or null. The block asks for its name to be looked up.</summary>
    public static Type? Of(CompilationUnit unit, CommandAst command)
    {
        if (command.Redirections.Count > 0
            || SuspensionPoints.NameOf(command) is not { } name || IntrinsicCommands.Of(name) is not { } cmdlet)
        {
            return null;
        }

        unit.IntrinsicCommands.Add(name);
        return cmdlet;
    }
}
