namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// The functions by which Pester stands for mocked commands. They work by what Pester has attached to them, and so where
/// they are: a copy of one, or one that another session calls, is none.
/// </summary>
internal static class PesterMock
{
    private const string Attached = "Mock";

    /// <summary>Whether a command is one, or an alias of one.</summary>
    public static bool Is(CommandInfo? command) => command switch
    {
        AliasInfo alias => Is(alias.ResolvedCommand),
        FunctionInfo => PSObject.AsPSObject(command).Properties[Attached] is PSNoteProperty,
        _ => false,
    };
}
