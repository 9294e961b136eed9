using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// A quirk to keep: <c>$count += 5</c> takes no notice of a <c>$count</c> further out, though <c>$count</c> by itself
/// and <c>$count++</c> do. So a captured value is forgotten before the first statement that does that.
/// </summary>
internal static class CaptureRule
{
    /// <summary>The variables that a statement assigns to with an operator.</summary>
    public static IReadOnlyList<string> NamesIn(StatementAst statement) =>
        [.. statement.FindAll(static node => node is AssignmentStatementAst { Operator: not TokenKind.Equals, Left: VariableExpressionAst { VariablePath.IsUnscopedVariable: true } }, searchNestedScriptBlocks: false)
            .Select(static node => ((VariableExpressionAst)((AssignmentStatementAst)node).Left).VariablePath.UserPath)];
}

/// <summary>Makes variables the block's own, where nothing has been assigned to them yet.</summary>
internal sealed class ShedNode(IReadOnlyList<string> names) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        foreach (string name in names)
        {
            frame.Shed(name);
        }

        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Takes away those that were made for their old value to be read: until they are assigned there is none of that name.</summary>
internal sealed class UnshedNode(IReadOnlyList<string> names) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        foreach (string name in names)
        {
            frame.Unshed(name);
        }

        return new ValueTask<Flow>(Flow.Next);
    }
}
