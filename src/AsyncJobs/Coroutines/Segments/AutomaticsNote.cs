namespace AsyncJobs.Coroutines.Segments;

/// <summary>
/// How a block that assigns to <c>$_</c> or <c>$args</c> finds again what it assigned: PowerShell makes these two new for
/// each segment. So its segments end by noting them.
/// </summary>
internal static class AutomaticsNote
{
    /// <summary>A statement that gives the segment the block's <c>$args</c>; <c>$_</c> it has.</summary>
    public static StatementAst Restore(IScriptExtent extent) => Copy(extent, "args", EngineNames.Arguments);

    /// <summary>Statements that note both.</summary>
    public static IEnumerable<StatementAst> Note(IScriptExtent extent) => [Copy(extent, EngineNames.Underscore, "_"), Copy(extent, EngineNames.Arguments, "args")];

    private static AssignmentStatementAst Copy(IScriptExtent extent, string to, string from) => AstBuilder.Assign(extent, to, AstBuilder.Write(extent, AstBuilder.Variable(extent, from)));
}
