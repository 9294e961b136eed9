namespace AsyncJobs.Coroutines.Segments;

/// <summary>
/// Segments that throw the frame's error again, natively, so that PowerShell judges it by its own rules: which catch or
/// trap takes it, what <c>$_</c> is there, where the error was.
/// </summary>
internal static class ErrorSegments
{
    // Writes an error and goes on, or ends, as the preference says.
    private static readonly TrapStatementAst Reporting = Parser.ParseInput("trap { }", out _, out _).EndBlock.Traps[0];

    /// <summary>Reports it as one whose trap has said neither break nor continue.</summary>
    public static Segment Report(CompilationUnit unit, IScriptExtent extent) => new(unit, extent, [Raising(extent)]) { Trap = Reporting, IsInCatch = false };

    /// <summary>Runs what the frame has for it as a part of a statement.</summary>
    public static Segment Part(CompilationUnit unit, IScriptExtent extent) => new(unit, extent, [Raising(extent)], isPart: true) { IsInCatch = false };

    /// <summary>Finds the catch clause for it; throws it if there is none.</summary>
    public static Segment Catch(CompilationUnit unit, TryStatementAst node)
    {
        IScriptExtent extent = node.Extent;
        var clauses = node.CatchClauses.Select((clause, i) => new CatchClauseAst(
            clause.Extent, clause.CatchTypes.Select(static type => (TypeConstraintAst)type.Copy()), new StatementBlockAst(clause.Extent, [Saving(clause.Extent, i)], null)));
        var attempt = new TryStatementAst(extent, new StatementBlockAst(extent, [Raising(extent)], null), [.. clauses], @finally: null);
        return new Segment(unit, extent, [attempt], isPart: true) { IsInCatch = false };
    }

    /// <summary>Finds the trap for it; throws it if there is none.</summary>
    public static Segment Trap(CompilationUnit unit, IScriptExtent extent, IReadOnlyList<TrapStatementAst> traps)
    {
        var finding = traps.Select((trap, i) => new TrapStatementAst(
            trap.Extent,
            (TypeConstraintAst?)trap.TrapType?.Copy(),
            new StatementBlockAst(trap.Extent, [Saving(trap.Extent, i), new ContinueStatementAst(trap.Extent, label: null)], null)));
        var list = new StatementBlockAst(extent, [Raising(extent)], finding);
        var always = new IfStatementAst(extent, [Tuple.Create((PipelineBaseAst)AstBuilder.Write(extent, AstBuilder.Variable(extent, "true")), list)], elseClause: null);
        return new Segment(unit, extent, [always], isPart: true) { IsInCatch = false };
    }

    private static PipelineAst Raising(IScriptExtent extent) => AstBuilder.Write(extent, AstBuilder.Variable(extent, EngineNames.Action));

    private static PipelineAst Saving(IScriptExtent extent, int clause) => AstBuilder.Pipeline(
        extent, AstBuilder.Call(extent, SaveAsyncCoroutineErrorCommand.Info, new ConstantExpressionAst(extent, clause), AstBuilder.Variable(extent, "_")));
}
