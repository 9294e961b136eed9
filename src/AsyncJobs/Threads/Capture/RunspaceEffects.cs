using System.Management.Automation.Language;

namespace AsyncJobs.Threads.Capture;

/// <summary>Tells by a block's text what it may leave behind in the runspace it ran in.</summary>
internal static class RunspaceEffects
{
    /// <summary>Whether it names what belongs to the session, or runs code that is not in its text; plain computation does not.</summary>
    public static bool MayLeak(Ast block) => block.Find(IsPossible, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether it changes the runspace for good.</summary>
    public static bool IsIrreversible(Ast block) => block.Find(IsLasting, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether a command is one of PowerShell's own that leaves nothing behind.</summary>
    public static bool IsHarmless(string command) =>
        CoreCommands.IsCmdlet(CoreCommands.AliasDefinition(command) ?? command) && !CommandEffects.Do(command, CommandEffect.ChangesSession);

    private static bool IsLasting(Ast node) => node switch
    {
        CommandAst command => command.Does(CommandEffect.Irreversible) || NamesStack(command),
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } =>
            member.Equals("LocationChangedAction", StringComparison.OrdinalIgnoreCase)
            || member.Equals("PostCommandLookupAction", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static bool IsPossible(Ast node) => node switch
    {
        UsingStatementAst => true,
        CommandAst command => command.GetCommandName() is null && command.CommandElements[0] is not ScriptBlockExpressionAst,
        VariableExpressionAst { VariablePath: var path } =>
            path.IsGlobal || path.IsScript || path.IsDriveQualified || AutomaticVariables.Are(path.UserPath, VariableKind.OfSession),
        StringConstantExpressionAst text => NamesSession(text.Value),
        FunctionDefinitionAst { Name: var name } => name.Contains(':', StringComparison.Ordinal),
        InvokeMemberExpressionAst { Member: var member } => member is not StringConstantExpressionAst { Value: var name } || RunsCode(name),
        MemberExpressionAst { Parent: AssignmentStatementAst } => true,
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } =>
            member.Equals("DefaultRunspace", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    // Of the stacks of locations only the one without a name can be looked at.
    private static bool NamesStack(CommandAst command) =>
        command.Does(CommandEffect.NamesLocationStack) && command.IsGiven("StackName");

    private static bool NamesSession(string text) =>
        BuiltInProviders.NamePathInSession(text)
        || text.Contains("global:", StringComparison.OrdinalIgnoreCase)
        || text.Contains("script:", StringComparison.OrdinalIgnoreCase);

    private static bool RunsCode(string method) =>
        method.StartsWith("Invoke", StringComparison.OrdinalIgnoreCase) || method.Equals("Create", StringComparison.OrdinalIgnoreCase);
}
