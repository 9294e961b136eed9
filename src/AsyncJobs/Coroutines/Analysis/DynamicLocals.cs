using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Blocks whose variables PowerShell looks up by name, all of them, instead of compiling them as locals.</summary>
internal static class DynamicLocals
{
    /// <summary>Whether a block is one.</summary>
    public static bool IsIn(ScriptBlockAst block) => block.Find(IsCause, searchNestedScriptBlocks: false) is not null;

    private static bool IsCause(Ast node) => node switch
    {
        CommandAst { InvocationOperator: TokenKind.Dot } => true,
        CommandAst command => command.Does(CommandEffect.LooksUpLocals),
        VariableExpressionAst variable => variable.VariablePath.IsPrivate,
        _ => false,
    };
}
