namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// A quirk to keep: <c>$count += 5</c> takes no notice of a <c>$count</c> further out, though <c>$count</c> by itself
/// and <c>$count++</c> do. So where there is one, or where strict mode lets nobody read what is not there, such an
/// assignment is interpreted: the old value is read as nothing, and all else as it is.
/// </summary>
internal static class CompoundAssignmentQuirk
{
    /// <summary>The variables that a block assigns to with an operator, other than those that are certainly its own by then.</summary>
    public static IReadOnlyList<string> NamesIn(ScriptBlockAst block) => BlockFacts.Of(block).IsDynamic ? [] :
    [
        .. BlockFacts.Of(block).Assignments
            .Select(TargetOf).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !DefiniteAssignment.IsAssignment(block, name)),
    ];

    /// <summary>Whether such an assignment is in a node's own statements.</summary>
    /// <param name="node">The node.</param>
    /// <param name="hidden">The variables that may have a value further out.</param>
    public static bool IsIn(Ast node, IReadOnlyCollection<string> hidden) => hidden.Count > 0
        && node.Find(inner => inner is AssignmentStatementAst assignment && HiddenBy(assignment, hidden) is not null, searchNestedScriptBlocks: false) is not null;

    /// <summary>The one of them that an assignment is such a one to, or null.</summary>
    public static string? HiddenBy(AssignmentStatementAst assignment, IReadOnlyCollection<string> hidden) =>
        TargetOf(assignment) is { } name && hidden.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : null;

    private static string? TargetOf(AssignmentStatementAst assignment) =>
        assignment is { Operator: not TokenKind.Equals, Left: VariableExpressionAst { VariablePath: { IsUnscopedVariable: true, UserPath: var name } } } ? name : null;
}
