namespace AsyncJobs.Automation.Language;

/// <summary>
/// What is in a node's own statements: not in script blocks within it, but in its traps, whose bodies Ast.Find leaves out with those.
/// </summary>
internal static class OwnStatements
{
    /// <summary>Whether there is a node there of which something holds.</summary>
    public static bool Any(Ast? node, Func<Ast, bool> predicate) => node?.Find(
        inner => predicate(inner) || (inner is TrapStatementAst trap && Any(trap.Body, predicate)),
        searchNestedScriptBlocks: false) is not null;
}
