using Microsoft.PowerShell.Commands;

namespace AsyncJobs.Automation.Scopes;

/// <summary>Runs a block in the scope of a cmdlet's caller.</summary>
internal static class CallerScope
{
    private static readonly CmdletInfo ForEachObject = new("ForEach-Object", typeof(ForEachObjectCommand));

    /// <summary>
    /// Runs the block; what it writes goes to the cmdlet's output as it comes, what it assigns stays in the caller's scope.
    /// </summary>
    public static void Run(PSCmdlet cmdlet, ScriptBlock block) => Pump(cmdlet, DotSource(block));

    /// <summary>Runs the block for one object, which is its <c>$_</c>; what it writes goes to a sink as it comes.</summary>
    public static void Run(PSCmdlet cmdlet, ScriptBlock block, object input, Action<object?> sink)
    {
        IScriptExtent extent = block.Ast.Extent;
        Pump(cmdlet, ScriptOf(
            extent,
            Call(extent, ForEachObject, Parameter(extent, "InputObject", input), Parameter(extent, "Process", block)),
            Call(extent, OutAsyncTaskGroupCommand.Info, Parameter(extent, "Sink", sink))));
    }

    private static void Pump(PSCmdlet cmdlet, ScriptBlock script)
    {
        using SteppablePipeline pipeline = script.GetSteppablePipeline(CommandOrigin.Internal);
        pipeline.Begin(cmdlet);
        pipeline.End();
    }

    /// <summary>
    /// The script <c>. block</c>, with the block itself in it: a variable that named it would be one more in the caller's scope.
    /// </summary>
    public static ScriptBlock DotSource(ScriptBlock block)
    {
        IScriptExtent extent = block.Ast.Extent;
        return ScriptOf(extent, new CommandAst(extent, [new ConstantExpressionAst(extent, block)], TokenKind.Dot, redirections: null));
    }

    private static ScriptBlock ScriptOf(IScriptExtent extent, params CommandBaseAst[] stages)
    {
        var statements = new StatementBlockAst(extent, [new PipelineAst(extent, stages)], traps: null);
        return new ScriptBlockAst(extent, paramBlock: null, statements, isFilter: false).GetScriptBlock();
    }

    /// <summary>A call of the cmdlet itself, whatever a script may have put in the place of its name.</summary>
    private static CommandAst Call(IScriptExtent extent, CmdletInfo cmdlet, params CommandElementAst[] parameters) =>
        new(extent, [new ConstantExpressionAst(extent, cmdlet), .. parameters], TokenKind.Ampersand, redirections: null);

    private static CommandParameterAst Parameter(IScriptExtent extent, string name, object value) =>
        new(extent, name, new ConstantExpressionAst(extent, value), extent);
}
