using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>Tells by a block's text what it may leave behind in the runspace it ran in.</summary>
internal static class SessionChanges
{
    // Cmdlets whose effect on a runspace nothing public can see or undo.
    private static readonly HashSet<string> Spoilers = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add-History", "Clear-History", "Disable-ExperimentalFeature", "Enable-ExperimentalFeature",
        "Enable-PSBreakpoint", "Disable-PSBreakpoint", "Set-PSBreakpoint", "sbp", "Remove-PSBreakpoint", "rbp",
        "Import-PSSession", "ipsn", "Remove-Module", "rmo", "Remove-TypeData", "Set-PSDebug", "Start-ThreadJob", "Start-Transcript", "Stop-Transcript",
        "Trace-Command", "Set-TraceSource", "Update-FormatData", "Update-TypeData",
    };

    private static readonly HashSet<string> SessionVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        "ExecutionContext", "Host", "PSCmdlet", "PSDefaultParameterValues", "Error", "PSSessionOption", "PSVersionTable",
    };

    /// <summary>Whether it calls a command or method, or names what belongs to the session; plain computation does not.</summary>
    public static bool Possible(Ast block) => block.Find(IsPossible, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether it changes the runspace for good.</summary>
    public static bool Lasting(Ast block) => block.Find(IsLasting, searchNestedScriptBlocks: true) is not null;

    private static bool IsLasting(Ast node) => node switch
    {
        CommandAst command => command.GetCommandName() is { } name && Spoilers.Contains(name),
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } =>
            member.Equals("LocationChangedAction", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static bool IsPossible(Ast node) => node switch
    {
        CommandAst or InvokeMemberExpressionAst or UsingStatementAst => true,
        VariableExpressionAst { VariablePath: var path } =>
            path.IsGlobal || path.IsScript || path.IsDriveQualified || SessionVariables.Contains(path.UserPath),
        FunctionDefinitionAst { Name: var name } => name.Contains(':', StringComparison.Ordinal),
        MemberExpressionAst { Parent: AssignmentStatementAst } => true,
        _ => false,
    };
}
