using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>Where a block names a variable first: what is assigned there is the block's own wherever else it is named.</summary>
internal static class FirstUse
{
    private static readonly HashSet<string> LiteralTypes = new(StringComparer.OrdinalIgnoreCase) { "string", "int", "long", "double", "decimal", "bool", "object" };

    /// <summary>Whether it is a statement of the block's own list that assigns it, or one of its parameters.</summary>
    public static bool IsAssignment(ScriptBlockAst block, string name) => Find(block, name)?.Parent switch
    {
        ParameterAst parameter => IsOf(block, parameter),
        AssignmentStatementAst { Operator: TokenKind.Equals, Left: VariableExpressionAst { VariablePath.IsUnscopedVariable: true }, Parent: NamedBlockAst list } => list.Parent == block,
        _ => false,
    };

    /// <summary>Whether it is that, and certain not to fail: from there on the variable is there.</summary>
    public static bool MakesVariable(ScriptBlockAst block, string name)
    {
        Ast? target = Find(block, name);
        if (target?.Parent is ParameterAst parameter)
        {
            return IsOf(block, parameter);
        }

        if (target is not VariableExpressionAst { VariablePath.IsUnscopedVariable: true })
        {
            return false;
        }

        bool isTyped = target.Parent is ConvertExpressionAst { Type.TypeName.Name: { } type } && LiteralTypes.Contains(type);
        if ((isTyped ? target.Parent : target).Parent is not AssignmentStatementAst { Operator: TokenKind.Equals } assignment || assignment.Right.Extent.StartOffset < target.Extent.EndOffset)
        {
            return false;
        }

        StatementAst value = assignment.Right;
        while (!isTyped && value is AssignmentStatementAst { Operator: TokenKind.Equals, Left: VariableExpressionAst } inner)
        {
            value = inner.Right;
        }

        Ast list = assignment;
        while (!isTyped && list.Parent is AssignmentStatementAst { Operator: TokenKind.Equals, Left: VariableExpressionAst } outer && outer.Right == list)
        {
            list = outer;
        }

        return list.Parent is NamedBlockAst { Parent: var owner } && owner == block && SyntaxFacts.AsExpression(value) is { } given && CannotFail(given, isTyped);
    }

    private static bool IsOf(ScriptBlockAst block, ParameterAst parameter) => parameter.Parent is ParamBlockAst { Parent: var owner } && owner == block;

    private static bool CannotFail(ExpressionAst value, bool isTyped) => value switch
    {
        StringConstantExpressionAst => !isTyped,
        ConstantExpressionAst => true,
        VariableExpressionAst { VariablePath.UserPath: { } name } => name.ToUpperInvariant() is "NULL" or "TRUE" or "FALSE",
        HashtableAst { KeyValuePairs.Count: 0 } or ArrayExpressionAst { SubExpression.Statements.Count: 0 } => !isTyped,
        _ => false,
    };

    private static Ast? Find(ScriptBlockAst block, string name) => block
        .FindAll(node => node is VariableExpressionAst { VariablePath: var path } && VariableNames.Unqualified(path).Equals(name, StringComparison.OrdinalIgnoreCase), searchNestedScriptBlocks: true)
        .MinBy(static node => node.Extent.StartOffset);
}
