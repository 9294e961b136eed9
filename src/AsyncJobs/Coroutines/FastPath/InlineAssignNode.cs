namespace AsyncJobs.Coroutines.FastPath;

/// <summary>An assignment of a plain value to a plain variable, done without running PowerShell where that comes to the same.</summary>
/// <param name="native">The statement as PowerShell runs it.</param>
/// <param name="variable">What is assigned to; null for <c>$null</c>, to which nothing is.</param>
/// <param name="value">The value.</param>
internal sealed class InlineAssignNode(CoroutineNode native, string? variable, InlineExpression value) : FastPathNode(native)
{
    protected internal override string Text => $"INLINE ${variable ?? "null"} = {value}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        return frame.MayStepDirectly && (variable is null || TryAssign(frame, variable)) ? new ValueTask<Flow>(Flow.Next) : Native.RunAsync(frame);
    }

    /// <summary>The node of a native statement, if it is such an assignment; <c>+=</c> and <c>++</c> are, too.</summary>
    public static InlineAssignNode? For(CompilationUnit unit, CoroutineNode native, StatementAst statement)
    {
        // Those that look at $? have it that PowerShell runs each.
        if (unit.UsesSuccess)
        {
            return null;
        }

        return statement switch
        {
            AssignmentStatementAst { Operator: TokenKind.Equals, Left: VariableExpressionAst left } assignment when Suits(unit, left) =>
                Of(native, left.VariablePath.UserPath, SyntaxFacts.AsExpression(assignment.Right)),
            AssignmentStatementAst { Left: VariableExpressionAst left } assignment when Suits(unit, left) && OperationOf(assignment.Operator) is { } operation
                && SyntaxFacts.AsExpression(assignment.Right) is { } operand =>
                Of(native, left.VariablePath.UserPath, Operated(assignment.Extent, left, operation, operand)),
            _ when SyntaxFacts.AsExpression(statement) is UnaryExpressionAst { Child: VariableExpressionAst counter } change
                && Suits(unit, counter) && OperationOf(change.TokenKind) is { } step =>
                Of(native, counter.VariablePath.UserPath, Operated(change.Extent, counter, step, new ConstantExpressionAst(change.Extent, 1))),
            _ => null,
        };
    }

    private static InlineAssignNode? Of(CoroutineNode native, string name, ExpressionAst? value)
    {
        bool isNowhere = name.Equals("null", StringComparison.OrdinalIgnoreCase);

        // Whatever a temporary of ours holds, reading it does nothing.
        return isNowhere && value is VariableExpressionAst { VariablePath.UserPath: { } temporary } && OwnNames.Are(temporary)
                ? new InlineAssignNode(native, null, InlineExpression.Of(value)!)
            : !isNowhere && InlineExpression.Of(value) is { } plain ? new InlineAssignNode(native, name, plain)
            : null;
    }

    /// <summary>Whether a variable is one that assigning to does nothing else to.</summary>
    public static bool Suits(CompilationUnit unit, VariableExpressionAst variable) =>
        variable is { Splatted: false, VariablePath: { IsUnscopedVariable: true, IsVariable: true, UserPath: var name } } && !unit.IsTyped(variable)
        && (name.Equals("null", StringComparison.OrdinalIgnoreCase) || !VariableNames.IsAutomatic(name))
        && !name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("PS", StringComparison.OrdinalIgnoreCase);

    private static TokenKind? OperationOf(TokenKind kind) => kind switch
    {
        TokenKind.PlusEquals or TokenKind.PlusPlus or TokenKind.PostfixPlusPlus => TokenKind.Plus,
        TokenKind.MinusEquals or TokenKind.MinusMinus or TokenKind.PostfixMinusMinus => TokenKind.Minus,
        TokenKind.MultiplyEquals => TokenKind.Multiply,
        TokenKind.RemainderEquals => TokenKind.Rem,
        _ => null,
    };

    private static BinaryExpressionAst Operated(IScriptExtent extent, VariableExpressionAst variable, TokenKind operation, ExpressionAst operand) =>
        new(extent, (ExpressionAst)variable.Copy(), operation, (ExpressionAst)operand.Copy(), extent);

    // A variable of a kind or with attributes of its own decides itself: by an exception, or by what it makes of the value.
    private bool TryAssign(CoroutineFrame frame, string name)
    {
        if (!frame.Variables.TryGet(name, out PSVariable? found) || !value.TryGet(frame, out object? assigned))
        {
            return false;
        }

        try
        {
            found!.Value = assigned;
            return true;
        }
        catch (RuntimeException)
        {
            return false;
        }
    }
}
