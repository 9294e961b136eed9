namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Where a block names a variable first: what is assigned there is the block's own wherever else it is named.</summary>
internal static class DefiniteAssignment
{
    // A number, and each of these, can be made any of those.
    private static readonly HashSet<string> LiteralTypes = new(StringComparer.OrdinalIgnoreCase) { "string", "int", "long", "double", "decimal", "bool", "object" };

    /// <summary>Whether it is a statement of the block's own list that assigns it a value without it, or one of its parameters.</summary>
    public static bool IsAssignment(ScriptBlockAst block, string name) => BlockFacts.Of(block).FirstUse(name)?.Parent switch
    {
        ParameterAst parameter => IsOf(block, parameter),
        AssignmentStatementAst { Operator: TokenKind.Equals, Left: VariableExpressionAst { VariablePath.IsUnscopedVariable: true }, Parent: NamedBlockAst list } assignment =>
            list.Parent == block && !Names(assignment.Right, name),
        _ => false,
    };

    /// <summary>Whether it is that, and certain not to fail: from there on the variable is there.</summary>
    public static bool MakesVariable(ScriptBlockAst block, string name)
    {
        Ast? first = BlockFacts.Of(block).FirstUse(name);
        if (first?.Parent is ParameterAst parameter)
        {
            return IsOf(block, parameter);
        }

        var type = first?.Parent as ConvertExpressionAst;
        return first is VariableExpressionAst { VariablePath.IsUnscopedVariable: true }
            && (type ?? first).Parent is AssignmentStatementAst { Operator: TokenKind.Equals } assignment && assignment.Left == (type ?? first)
            && ListOf(assignment) is NamedBlockAst list && list.Parent == block
            && SyntaxFacts.AsExpression(ValueOf(assignment)) is { } value && CannotFail(value, type?.Type.TypeName.Name);
    }

    private static bool Names(Ast value, string name) => value.Find(
        node => node is VariableExpressionAst { VariablePath.UserPath: var named } && named.Equals(name, StringComparison.OrdinalIgnoreCase),
        searchNestedScriptBlocks: true) is not null;

    // Of $a = $b = 0, for each of them.
    private static Ast ListOf(AssignmentStatementAst assignment) =>
        assignment.Parent is AssignmentStatementAst { Operator: TokenKind.Equals, Left: VariableExpressionAst } outer ? ListOf(outer) : assignment.Parent;

    private static StatementAst ValueOf(AssignmentStatementAst assignment) =>
        assignment.Right is AssignmentStatementAst { Operator: TokenKind.Equals, Left: VariableExpressionAst } inner ? ValueOf(inner) : assignment.Right;

    private static bool IsOf(ScriptBlockAst block, ParameterAst parameter) => parameter.Parent is ParamBlockAst { Parent: var owner } && owner == block;

    private static bool CannotFail(ExpressionAst value, string? type) => value switch
    {
        StringConstantExpressionAst => type is null || type.Equals("string", StringComparison.OrdinalIgnoreCase),
        ConstantExpressionAst => type is null || LiteralTypes.Contains(type),
        VariableExpressionAst { VariablePath.UserPath: var name } => (type is null || LiteralTypes.Contains(type)) && AutomaticVariables.Are(name, VariableKind.Literal),
        HashtableAst { KeyValuePairs.Count: 0 } or ArrayExpressionAst { SubExpression.Statements.Count: 0 } => type is null,
        _ => false,
    };
}
