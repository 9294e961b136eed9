using System.Collections;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// What an expression that a block calls, or gives to a function, may hold: the blocks that are written in it or assigned
/// to its variables, and what these hold where the block starts.
/// </summary>
/// <param name="block">The block.</param>
/// <param name="arguments">What the block is started with.</param>
internal sealed class CalledValues(ScriptBlockAst block, object?[]? arguments)
{
    /// <summary>Blocks as syntax, blocks, functions and names.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="variables">Those that the block sees where it starts.</param>
    public IEnumerable<object> Of(ExpressionAst expression, PSVariableIntrinsics variables) => BlocksIn(expression).Concat(
        expression.FindAll(static node => node is VariableExpressionAst, searchNestedScriptBlocks: false)
            .SelectMany(node => Of(((VariableExpressionAst)node).VariablePath.UserPath, isPlain: node == expression || expression is UsingExpressionAst, variables)));

    private IEnumerable<object> Of(string name, bool isPlain, PSVariableIntrinsics variables) =>
        BlockFacts.Of(block).Variables.Where(use => use.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).SelectMany(static use => BlocksIn(SourceOf(use.Node)))
            .Concat(IsGiven(name) ? (arguments ?? []).SelectMany(static argument => Within(argument, depth: 1)) : [])
            .Concat(Within(SurroundingVariables.Find(variables, name)?.Value ?? (VariableNames.IsUnderscore(name) ? variables.GetValue("_") : null), depth: isPlain ? 0 : 1));

    // Where a variable gets what it holds, as far as that is written.
    private static Ast? SourceOf(VariableExpressionAst variable)
    {
        Ast place = variable;
        while (place.Parent is AttributedExpressionAst or ArrayLiteralAst or MemberExpressionAst or IndexExpressionAst)
        {
            place = place.Parent;
        }

        return place.Parent switch
        {
            AssignmentStatementAst assignment when assignment.Left == place => assignment.Right,
            ForEachStatementAst loop when loop.Variable == place => loop.Condition,
            ParameterAst parameter => parameter.DefaultValue,
            _ => null,
        };
    }

    private static IEnumerable<object> BlocksIn(Ast? node) =>
        node?.FindAll(static inner => inner is ScriptBlockExpressionAst, searchNestedScriptBlocks: false).Select(static inner => ((ScriptBlockExpressionAst)inner).ScriptBlock) ?? [];

    private bool IsGiven(string name) => arguments is not null
        && (name.Equals("args", StringComparison.OrdinalIgnoreCase)
            || block.ParamBlock?.Parameters.Any(parameter => parameter.Name.VariablePath.UserPath.Equals(name, StringComparison.OrdinalIgnoreCase)) == true);

    // An item or a member of what a variable holds may be called.
    private static IEnumerable<object> Within(object? value, int depth) => value.Unwrap() switch
    {
        ScriptBlock or CommandInfo or string => [value.Unwrap()!],
        IDictionary table when depth > 0 => [.. table.Values.Cast<object?>().SelectMany(static item => Within(item, depth: 0))],
        IList list when depth > 0 => [.. list.Cast<object?>().SelectMany(static item => Within(item, depth: 0))],
        _ => [],
    };
}
