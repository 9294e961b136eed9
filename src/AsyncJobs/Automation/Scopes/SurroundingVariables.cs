namespace AsyncJobs.Automation.Scopes;

/// <summary>The variables that a block sees of those around the place where it starts.</summary>
internal static class SurroundingVariables
{
    /// <summary>
    /// The variable that a block can see and has to be given, or null: those that are the same in every scope need no
    /// copy, which could not be told from its original.
    /// </summary>
    /// <param name="variables">What there is.</param>
    /// <param name="name">The variable's name.</param>
    public static PSVariable? Find(PSVariableIntrinsics variables, string name) =>
        variables.Get(name) is { } variable && IsSeen(variable) && !variable.Options.HasFlag(ScopedItemOptions.AllScope) ? variable : null;

    /// <summary>Whether a block sees it: not its caller's private ones, nor those that a coroutine has yet to assign.</summary>
    public static bool IsSeen(PSVariable variable) =>
        variable is not BlockVariable { IsSet: false } && !variable.Options.HasFlag(ScopedItemOptions.Private);
}
