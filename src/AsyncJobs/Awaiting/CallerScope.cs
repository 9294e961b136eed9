using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>Runs a block in the scope of a cmdlet's caller.</summary>
internal static class CallerScope
{
    /// <summary>Runs the block; what it writes goes to the cmdlet's output as it comes, what it assigns stays in the caller's scope.</summary>
    public static void Run(PSCmdlet cmdlet, ScriptBlock block)
    {
        using SteppablePipeline pipeline = DotSource(block).GetSteppablePipeline(CommandOrigin.Internal);
        pipeline.Begin(cmdlet);
        pipeline.End();
    }

    /// <summary>The script <c>. block</c>, with the block itself in it: a variable that named it would be one more in the caller's scope.</summary>
    private static ScriptBlock DotSource(ScriptBlock block)
    {
        IScriptExtent extent = block.Ast.Extent;
        var command = new CommandAst(extent, [new ConstantExpressionAst(extent, block)], TokenKind.Dot, redirections: null);
        var statements = new StatementBlockAst(extent, [new PipelineAst(extent, command)], traps: null);
        return new ScriptBlockAst(extent, paramBlock: null, statements, isFilter: false).GetScriptBlock();
    }
}
