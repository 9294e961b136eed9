namespace AsyncJobs.Coroutines.Segments;

/// <summary>
/// How a block that looks at <c>$?</c> finds its own value there, though others run between its steps: each of its
/// segments begins by restoring it and ends by noting it.
/// </summary>
internal static class SuccessVariable
{
    /// <summary>A statement that gives <c>$?</c> the noted value: most often true, as any assignment does.</summary>
    public static StatementAst Restore(IScriptExtent extent)
    {
        var succeed = AstBuilder.Assign(extent, "null", AstBuilder.Write(extent, AstBuilder.Variable(extent, "true")));
        var fail = AstBuilder.Pipeline(extent, AstBuilder.Call(
            extent,
            RestoreAsyncCoroutineSuccessCommand.Info,
            new CommandParameterAst(extent, "ErrorAction", new StringConstantExpressionAst(extent, "Ignore", StringConstantType.BareWord), extent)));
        return new IfStatementAst(
            extent, [Tuple.Create((PipelineBaseAst)AstBuilder.Write(extent, AstBuilder.Variable(extent, EngineNames.Success)), Of(succeed))], elseClause: Of(fail));

        StatementBlockAst Of(StatementAst statement) => new(extent, [statement], traps: null);
    }

    /// <summary>
    /// An assignment that leaves it as the value has left it, as a part of a statement does: <c>for ($x = value; $false; ) { }</c>.
    /// </summary>
    public static IReadOnlyList<StatementAst> Quietly(AssignmentStatementAst assignment)
    {
        IScriptExtent extent = assignment.Extent;
        var nothing = new StatementBlockAst(extent, [], null);
        return [new ForStatementAst(extent, label: null, (AssignmentStatementAst)assignment.Copy(), AstBuilder.Write(extent, AstBuilder.Variable(extent, "false")), iterator: null, nothing)];
    }

    /// <summary>A statement that notes it.</summary>
    public static StatementAst Note(IScriptExtent extent) => AstBuilder.Assign(extent, EngineNames.Success, AstBuilder.Write(extent, AstBuilder.Variable(extent, "?")));
}
