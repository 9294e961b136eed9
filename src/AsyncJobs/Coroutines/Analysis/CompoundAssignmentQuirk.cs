namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// A quirk to keep: <c>$count += 5</c> takes no notice of a <c>$count</c> further out, though <c>$count</c> by itself
/// and <c>$count++</c> do. So where there is one, or where strict mode lets nobody read what is not there, such an
/// assignment is interpreted: the old value is read as nothing, and all else as it is. A <c>foreach</c> over nothing is of
/// the kind: its variable holds nothing from then on, whatever is further out, though nothing natively assigns it.
/// </summary>
internal static class CompoundAssignmentQuirk
{
    /// <summary>
    /// The variables that a block assigns to with an operator, other than those that are certainly its own by then, and those
    /// of a <c>foreach</c> that it reads behind it, where PowerShell takes the variable for assigned.
    /// </summary>
    public static IReadOnlyList<string> NamesIn(ScriptBlockAst block) => BlockFacts.Of(block).IsDynamic ? [] :
    [
        .. BlockFacts.Of(block).Assignments
            .Select(TargetOf).OfType<string>()
            .Where(name => !DefiniteAssignment.IsAssignment(block, name))
            .Concat(LoopVariablesReadBehind(BlockFacts.Of(block)))
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Whether such an assignment, or such a loop, is in a node's own statements.</summary>
    /// <param name="node">The node.</param>
    /// <param name="hidden">The variables that may have a value further out.</param>
    public static bool IsIn(Ast node, IReadOnlyCollection<string> hidden) => hidden.Count > 0
        && node.Find(
            inner => inner is AssignmentStatementAst assignment ? HiddenBy(assignment, hidden) is not null
                : inner is ForEachStatementAst loop && NameOf(loop) is { } name && hidden.Contains(name, StringComparer.OrdinalIgnoreCase),
            searchNestedScriptBlocks: false) is not null;

    /// <summary>The one of them that an assignment is such a one to, or null.</summary>
    public static string? HiddenBy(AssignmentStatementAst assignment, IReadOnlyCollection<string> hidden) =>
        TargetOf(assignment) is { } name && hidden.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : null;

    private static IEnumerable<string> LoopVariablesReadBehind(BlockFacts facts) =>
        from loop in facts.Variables
        where loop is { Role: VariableRole.Loop, IsOwn: true, Path.IsUnscopedVariable: true }
        where facts.Variables.Any(use => use.Role == VariableRole.Read && use.Name.Equals(loop.Name, StringComparison.OrdinalIgnoreCase)
            && IsBehind(loop.Node.Parent, use.Node))
        select loop.Name;

    // In the same list of statements, or in what a later of these contains; one whose value is assigned is of the list, too.
    private static bool IsBehind(Ast loop, Ast place)
    {
        Ast list = loop.Parent is AssignmentStatementAst assignment ? assignment.Parent : loop.Parent;
        return place.Extent.StartOffset >= loop.Extent.EndOffset && place.Extent.EndOffset <= list.Extent.EndOffset;
    }

    private static string? NameOf(ForEachStatementAst loop) =>
        loop.Variable.VariablePath is { IsUnscopedVariable: true, UserPath: var name } ? name : null;

    private static string? TargetOf(AssignmentStatementAst assignment) =>
        assignment is { Operator: not TokenKind.Equals, Left: VariableExpressionAst { VariablePath: { IsUnscopedVariable: true, UserPath: var name } } } ? name : null;
}
