using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Whether a block assigns to <c>$_</c> or <c>$args</c>, which PowerShell makes new for each segment.</summary>
internal static class AssignedAutomatics
{
    /// <summary>An assignment to one of the two in a block's own statements, or null.</summary>
    public static Ast? In(Ast block) => block.Find(
        static node => (node is AssignmentStatementAst assignment && VariableNames.TargetsOf(assignment.Left).Any(IsOne))
            || (node is CommandAst command && SuspensionPoints.BodyOf(command) is { } body && In(body.ScriptBlock) is not null),
        searchNestedScriptBlocks: false);

    private static bool IsOne(VariableExpressionAst target) =>
        VariableNames.IsUnderscore(target.VariablePath.UserPath)
        || target.VariablePath.UserPath.Equals("args", StringComparison.OrdinalIgnoreCase);
}
