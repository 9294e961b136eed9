namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// A quirk to keep: <c>$count += 5</c> takes no notice of a <c>$count</c> further out, though <c>$count</c> by itself
/// and <c>$count++</c> do. So where there is one, or where strict mode lets nobody read what is not there, such an
/// assignment is interpreted: the old value is read as nothing, and all else as it is.
/// </summary>
internal static class CompoundAssignmentQuirk
{
    // Whose assignments those are in what is compiled now. The questions come from everywhere in the compiler, on one thread.
    [ThreadStatic]
    private static IReadOnlyCollection<string>? s_hidden;

    /// <summary>The variables that a block assigns to with an operator, other than those that are certainly its own by then.</summary>
    public static IReadOnlyList<string> NamesIn(ScriptBlockAst block) => BlockFacts.Of(block).IsDynamic ? [] :
    [
        .. BlockFacts.Of(block).Assignments
            .Select(TargetOf).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !DefiniteAssignment.IsAssignment(block, name)),
    ];

    /// <summary>Compiles something where these variables may have a value further out.</summary>
    public static T In<T>(IReadOnlyCollection<string> hidden, Func<T> compile)
    {
        IReadOnlyCollection<string>? outer = s_hidden;
        s_hidden = hidden;
        try
        {
            return compile();
        }
        finally
        {
            s_hidden = outer;
        }
    }

    /// <summary>Whether such an assignment to one of them is in a node's own statements.</summary>
    public static bool IsIn(Ast node) => s_hidden is { Count: > 0 }
        && node.Find(static inner => inner is AssignmentStatementAst assignment && HiddenBy(assignment) is not null, searchNestedScriptBlocks: false) is not null;

    /// <summary>The one of them that an assignment is such a one to, or null.</summary>
    public static string? HiddenBy(AssignmentStatementAst assignment) =>
        s_hidden is { Count: > 0 } hidden && TargetOf(assignment) is { } name && hidden.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : null;

    private static string? TargetOf(AssignmentStatementAst assignment) =>
        assignment is { Operator: not TokenKind.Equals, Left: VariableExpressionAst { VariablePath: { IsUnscopedVariable: true, UserPath: var name } } } ? name : null;
}
