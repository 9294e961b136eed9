using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.FastPath;

/// <summary>
/// An expression that the engine evaluates by itself, where that certainly comes to the same: constants, variables of the
/// coroutine's scope, arithmetic and comparison of whole numbers, and logic of booleans. It changes nothing, so what turns
/// out not to be certain is left to PowerShell.
/// </summary>
internal abstract class InlineExpression
{
    /// <summary>Evaluates the expression.</summary>
    /// <returns>False if PowerShell has to. A value is never null unless <c>$null</c> is what was written.</returns>
    public abstract bool TryGet(CoroutineFrame frame, out object? value);

    /// <summary>An expression of a script as such an expression, or null.</summary>
    public static InlineExpression? Of(ExpressionAst? expression) => expression switch
    {
        StringConstantExpressionAst text => new Constant(text.Value),
        ConstantExpressionAst { Value: ValueType number } => new Constant(number),
        VariableExpressionAst { Splatted: false, VariablePath: { IsUnscopedVariable: true, IsVariable: true } path } => OfVariable(path.UserPath),
        ParenExpressionAst { Pipeline: PipelineAst inner } => Of(SyntaxFacts.AsExpression(inner)),
        UnaryExpressionAst { TokenKind: TokenKind.Not or TokenKind.Exclaim, Child: var child } => Of(child) is { } operand ? new Negation(operand) : null,
        BinaryExpressionAst { Operator: var kind } both when Operation.Knows(kind) && Of(both.Left) is { } left && Of(both.Right) is { } right => new Operation(kind, left, right),
        _ => null,
    };

    private static InlineExpression OfVariable(string name) => name.ToUpperInvariant() switch
    {
        "NULL" => new Constant(null),
        "TRUE" => new Constant(true),
        "FALSE" => new Constant(false),
        _ => new Variable(name),
    };

    private sealed class Constant(object? constant) : InlineExpression
    {
        public override string ToString() => constant switch
        {
            null => "$null",
            string text => $"'{text}'",
            bool known => known ? "$true" : "$false",
            _ => $"{constant}",
        };

        public override bool TryGet(CoroutineFrame frame, out object? value)
        {
            value = constant;
            return true;
        }
    }

    private sealed class Variable(string name) : InlineExpression
    {
        public override string ToString() => SourceText.OfVariable(name);

        public override bool TryGet(CoroutineFrame frame, out object? value)
        {
            value = frame.ValueOf(name);

            // PowerShell knows whether a variable that holds nothing is set and when a value is copied.
            return value is not null && (value is not ValueType || value is IConvertible) && !ReferenceEquals(value, AutomationNull.Value);
        }
    }

    private sealed class Negation(InlineExpression operand) : InlineExpression
    {
        public override string ToString() => $"!{operand}";

        public override bool TryGet(CoroutineFrame frame, out object? value)
        {
            if (operand.TryGet(frame, out value) && value.Unwrap() is bool known)
            {
                value = !known;
                return true;
            }

            return false;
        }
    }

    private sealed class Operation(TokenKind kind, InlineExpression left, InlineExpression right) : InlineExpression
    {
        public static bool Knows(TokenKind kind) => kind is TokenKind.Plus or TokenKind.Minus or TokenKind.Multiply or TokenKind.Rem
            or TokenKind.Ieq or TokenKind.Ine or TokenKind.Ilt or TokenKind.Ile or TokenKind.Igt or TokenKind.Ige or TokenKind.And or TokenKind.Or;

        public override string ToString() => $"({left} {Sign} {right})";

        public override bool TryGet(CoroutineFrame frame, out object? value)
        {
            value = null;
            if (!left.TryGet(frame, out object? first))
            {
                return false;
            }

            if (first.Unwrap() is bool known)
            {
                return TryLogic(frame, known, out value);
            }

            return first.Unwrap() is int x && right.TryGet(frame, out object? second) && second.Unwrap() is int y && TryCombine(x, y, out value);
        }

        private string Sign => kind switch
        {
            TokenKind.Plus => "+",
            TokenKind.Minus => "-",
            TokenKind.Multiply => "*",
            TokenKind.Rem => "%",
            _ => "-" + kind.ToString().ToLowerInvariant(),
        };

        private bool TryLogic(CoroutineFrame frame, bool known, out object? value)
        {
            value = known;
            if (kind is not (TokenKind.And or TokenKind.Or))
            {
                return false;
            }

            // The right side is looked at only where the left leaves it open.
            if (known != (kind == TokenKind.And))
            {
                return true;
            }

            bool isCertain = right.TryGet(frame, out object? second) && second.Unwrap() is bool;
            value = isCertain ? second.Unwrap() : null;
            return isCertain;
        }

        private bool TryCombine(int x, int y, out object? value)
        {
            long result = kind switch
            {
                TokenKind.Plus => (long)x + y,
                TokenKind.Minus => (long)x - y,
                TokenKind.Multiply => (long)x * y,
                TokenKind.Rem when y is not (0 or -1) => x % y,
                _ => long.MaxValue,
            };
            value = kind switch
            {
                TokenKind.Ieq => x == y,
                TokenKind.Ine => x != y,
                TokenKind.Ilt => x < y,
                TokenKind.Ile => x <= y,
                TokenKind.Igt => x > y,
                TokenKind.Ige => x >= y,

                // What does not fit becomes another type in PowerShell.
                _ => result is >= int.MinValue and <= int.MaxValue ? (int)result : null,
            };
            return value is not null;
        }
    }
}
