using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Blocks whose variables PowerShell looks up by name, all of them, instead of compiling them as locals.</summary>
internal static class DynamicLocals
{
    private static readonly HashSet<string> Commands = new(StringComparer.OrdinalIgnoreCase)
    {
        "New-Variable", "nv", "Remove-Variable", "rv", "Set-Variable", "sv", "set", "Set-PSBreakpoint", "sbp",
    };

    /// <summary>Whether a block is one.</summary>
    public static bool IsIn(ScriptBlockAst block) => block.Find(IsCause, searchNestedScriptBlocks: false) is not null;

    private static bool IsCause(Ast node) => node switch
    {
        CommandAst { InvocationOperator: TokenKind.Dot } => true,
        CommandAst command => command.GetCommandName() is { } name && Commands.Contains(QualifiedName.WithoutModule(name)),
        VariableExpressionAst variable => variable.VariablePath.IsPrivate,
        _ => false,
    };
}
