namespace AsyncJobs.Coroutines.Segments;

/// <summary>The <c>$MyInvocation</c> of a block whose statements are a part of the coroutine: what a block of that text has there.</summary>
internal sealed class InvocationValue
{
    private readonly string _variable;
    private readonly Segment _call;

    /// <param name="unit">The unit that the block is compiled in.</param>
    /// <param name="extent">Where the block is dotted.</param>
    /// <param name="block">The block.</param>
    public InvocationValue(CompilationUnit unit, IScriptExtent extent, ScriptBlockAst block)
    {
        _variable = unit.NewTemporary();
        IScriptExtent own = block.Extent;
        StatementAst take = AstBuilder.Assign(own, _variable, AstBuilder.Write(own, AstBuilder.Variable(own, "MyInvocation")));
        var taking = new ScriptBlockAst(own, paramBlock: null, new StatementBlockAst(own, [take], null), isFilter: false);
        var dotted = new CommandAst(extent, [new ScriptBlockExpressionAst(own, taking)], TokenKind.Dot, null);
        _call = new Segment(unit, extent, [AstBuilder.Pipeline(extent, dotted)], isPart: true);
    }

    /// <summary>Makes it the coroutine's for a while.</summary>
    public ScopeExit Enter(CoroutineFrame frame)
    {
        PSVariable held = frame.Variables[_variable];
        held.Value = null;
        _call.Run(frame);
        PSVariable current = frame.Variables[EngineNames.Invocation];
        object? outer = current.Value;
        current.Value = frame.Variables[_variable].Value;
        return new(() => current.Value = outer);
    }
}
