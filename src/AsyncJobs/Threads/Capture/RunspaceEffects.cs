using System.Management.Automation.Language;

namespace AsyncJobs.Threads.Capture;

/// <summary>Tells by a block's text what it may leave behind in the runspace it ran in.</summary>
internal static class RunspaceEffects
{
    // Cmdlets whose effect on a runspace nothing public can see or undo.
    private static readonly HashSet<string> IrreversibleCommands = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add-History", "Clear-History", "Disable-ExperimentalFeature", "Enable-ExperimentalFeature",
        "Enable-PSBreakpoint", "Disable-PSBreakpoint", "Set-PSBreakpoint", "sbp", "Remove-PSBreakpoint", "rbp",
        "Import-PSSession", "ipsn", "Remove-Module", "rmo", "Remove-TypeData", "Set-PSDebug", "Start-ThreadJob",
        "Start-Transcript", "Stop-Transcript", "Trace-Command", "Set-TraceSource", "Update-FormatData", "Update-TypeData",
    };

    // Of PowerShell's own cmdlets, the nouns that are about the session, and those that run code nobody has seen.
    private static readonly HashSet<string> SessionNouns = new(StringComparer.OrdinalIgnoreCase)
    {
        "Alias", "Variable", "PSDrive", "Module", "Event", "EngineEvent", "ObjectEvent", "WmiEvent", "CimIndicationEvent", "Job",
        "Expression", "Command", "PSSession", "PSSnapin", "ArgumentCompleter", "Runspace",
    };

    private static readonly HashSet<string> SessionVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        "ExecutionContext", "Host", "LASTEXITCODE", "PSCmdlet", "PSDefaultParameterValues", "Error", "PSSessionOption", "PSVersionTable",
    };

    private static readonly string[] SessionDrives = ["global:", "script:", "function:", "alias:", "variable:"];

    // Verbs that only look, whatever at.
    private static readonly HashSet<string> LookingVerbs = new(
        ["Get", "Format", "Out", "Select", "Sort", "Measure", "Group", "Where", "ForEach", "Compare", "Tee"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it names what belongs to the session, or runs code that is not in its text; plain computation does not.</summary>
    public static bool MayLeak(Ast block) => block.Find(IsPossible, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether it changes the runspace for good.</summary>
    public static bool IsIrreversible(Ast block) => block.Find(IsLasting, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether a command is one of PowerShell's own that leaves nothing behind.</summary>
    public static bool IsHarmless(string command)
    {
        string name = CoreCommands.AliasDefinition(command) ?? command;
        if (!CoreCommands.IsCmdlet(name))
        {
            return false;
        }

        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return LookingVerbs.Contains(name[..dash]) || !SessionNouns.Contains(name[(dash + 1)..]);
    }

    /// <summary>Whether a command, named without its module, changes the runspace for good.</summary>
    public static bool IsIrreversible(string command) => IrreversibleCommands.Contains(command);

    private static bool IsLasting(Ast node) => node switch
    {
        CommandAst command =>
            command.GetCommandName() is { } name && (IsIrreversible(QualifiedName.WithoutModule(name)) || NamesStack(command)),
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
            path.IsGlobal || path.IsScript || path.IsDriveQualified || SessionVariables.Contains(path.UserPath),
        StringConstantExpressionAst text => NamesSession(text.Value),
        FunctionDefinitionAst { Name: var name } => name.Contains(':', StringComparison.Ordinal),
        InvokeMemberExpressionAst { Member: var member } => member is not StringConstantExpressionAst { Value: var name } || RunsCode(name),
        MemberExpressionAst { Parent: AssignmentStatementAst } => true,
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } =>
            member.Equals("DefaultRunspace", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    // Of the stacks of locations only the one without a name can be looked at.
    private static bool NamesStack(CommandAst command) => command.CommandElements.Any(static element =>
        element is CommandParameterAst { ParameterName: { Length: > 1 } parameter }
            && "StackName".StartsWith(parameter, StringComparison.OrdinalIgnoreCase));

    private static bool NamesSession(string text) =>
        SessionDrives.Any(drive => text.Contains(drive, StringComparison.OrdinalIgnoreCase));

    private static bool RunsCode(string method) =>
        method.StartsWith("Invoke", StringComparison.OrdinalIgnoreCase) || method.Equals("Create", StringComparison.OrdinalIgnoreCase);
}
