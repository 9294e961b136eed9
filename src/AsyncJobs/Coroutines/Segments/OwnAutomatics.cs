using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// How a block that assigns to <c>$_</c> or <c>$args</c> finds again what it assigned: PowerShell makes these two new for
/// each segment. So its segments end by noting them.
/// </summary>
internal static class OwnAutomatics
{
    private const string UnderscoreName = CoroutineUnit.TemporaryPrefix + "Underscore";
    private const string ArgumentsName = CoroutineUnit.TemporaryPrefix + "Arguments";

    /// <summary>An assignment to one of them in a block's own statements, or null.</summary>
    public static Ast? AssignedIn(Ast block) => block.Find(
        static node => node is AssignmentStatementAst assignment && VariableNames.TargetsOf(assignment.Left).Any(IsOne), searchNestedScriptBlocks: false);

    /// <summary>What they are to begin with.</summary>
    public static void Define(CoroutineFrame frame)
    {
        frame.Define(new PSVariable(UnderscoreName, frame.Underscore));
        frame.Define(new PSVariable(ArgumentsName, frame.Arguments));
    }

    /// <summary>A statement that gives the segment the block's <c>$args</c>; <c>$_</c> it has.</summary>
    public static StatementAst Restore(IScriptExtent extent) => Copy(extent, "args", ArgumentsName);

    /// <summary>Statements that note both.</summary>
    public static IEnumerable<StatementAst> Note(IScriptExtent extent) => [Copy(extent, UnderscoreName, "_"), Copy(extent, ArgumentsName, "args")];

    /// <summary>Takes what a segment has noted.</summary>
    public static void Keep(CoroutineFrame frame) => frame.Underscore = frame.Variable(UnderscoreName).Value;

    private static bool IsOne(VariableExpressionAst target) =>
        CoroutineFrame.IsUnderscore(target.VariablePath.UserPath) || target.VariablePath.UserPath.Equals("args", StringComparison.OrdinalIgnoreCase);

    private static AssignmentStatementAst Copy(IScriptExtent extent, string to, string from) => Factory.Assign(extent, to, Factory.Write(extent, Factory.Variable(extent, from)));
}
