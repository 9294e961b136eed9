namespace AsyncJobs.Coroutines.Segments;

/// <summary>Has PowerShell bind a block's <c>param</c>, with its types, attributes and defaults, and takes what came of it.</summary>
internal sealed class ParameterBinding
{
    private readonly CompilationUnit _unit;
    private readonly Segment _call;

    /// <param name="unit">The block's.</param>
    /// <param name="parameters">Its parameters; null where there are none.</param>
    public ParameterBinding(CompilationUnit unit, ParamBlockAst? parameters)
    {
        _unit = unit;
        IScriptExtent extent = parameters?.Extent ?? unit.Block.Extent;

        // What dynamicparam assigns is there in the block.
        var dynamic = (NamedBlockAst?)unit.Block.DynamicParamBlock?.Copy();
        StatementBlockAst take = BoundScopeCommand.Taking(
            extent, GetAsyncCoroutineScopeCommand.Info, parameters, dynamic is null ? [] : BlockFacts.Of(dynamic).Assigned, unit.UsesInvocation);
        VariableExpressionAst[] arguments =
        [
            new(extent, "args", splatted: true),
            .. unit.UsesUsing ? [new VariableExpressionAst(extent, EngineNames.Using, splatted: true)] : Array.Empty<VariableExpressionAst>(),
        ];
        var own = (ParamBlockAst?)parameters?.Copy();

        // What is bound is what $MyInvocation tells of: a block of that text, or a function of that name.
        IScriptExtent whole = unit.UsesInvocation ? unit.Block.Extent : extent;
        if (unit.UsesInvocation && unit.FunctionName is { } name)
        {
            var function = new FunctionDefinitionAst(whole, isFilter: false, isWorkflow: false, name, null, new ScriptBlockAst(whole, own, null, null, new NamedBlockAst(whole, TokenKind.End, take, unnamed: true), dynamic));
            _call = new Segment(unit, extent, [function, AstBuilder.Pipeline(extent, new CommandAst(extent, [new StringConstantExpressionAst(extent, name, StringConstantType.BareWord), .. arguments], TokenKind.Unknown, null))]);
        }
        else
        {
            _call = new Segment(unit, extent, [AstBuilder.Pipeline(extent, AstBuilder.Call(extent, unit.Bind(whole, own, take, dynamic: dynamic), arguments))]);
        }
    }

    /// <summary>Binds a coroutine's arguments.</summary>
    /// <exception cref="RuntimeException">They do not fit, or a default fails.</exception>
    public void Run(CoroutineFrame frame)
    {
        _call.Run(frame);
        foreach (PSVariable variable in frame.Calls.Pending)
        {
            frame.Variables.Define(_unit.Typed(variable));
        }

        frame.Calls.Pending.Clear();
        frame.Arguments = frame.Calls.Rest ?? [];
    }
}
