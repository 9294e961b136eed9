namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Questions about statements that decide what runs natively.</summary>
internal static class SyntaxFacts
{
    /// <summary>
    /// The expression of a statement that is nothing but <c>$( )</c> or parentheses, with statements or a command in them:
    /// what these write is written even if an error ends them.
    /// </summary>
    public static ExpressionAst? TryGetStreamedExpression(StatementAst statement) => AsExpression(statement) switch
    {
        SubExpressionAst sub when sub.SubExpression.Traps is { Count: > 0 } || !(sub.SubExpression.Statements is [] || (sub.SubExpression.Statements is [var only] && AsExpression(only) is not null)) => sub,
        ParenExpressionAst { Pipeline: PipelineAst inner } paren when AsExpression(inner) is null || TryGetStreamedExpression(inner) is not null => paren,
        ParenExpressionAst paren when PowerShell7.IsChain(paren.Pipeline) => paren,
        _ => null,
    };

    /// <summary>Whether the traps of the list that a statement is in may be asked in the middle of it.</summary>
    public static bool MayEnterTrap(StatementAst statement) =>
        statement is TryStatementAst || statement.Find(static node => PowerShell7.IsChain(node), searchNestedScriptBlocks: false) is not null;

    /// <summary>Whether a pipeline is one expression and no command.</summary>
    public static ExpressionAst? AsExpression(StatementAst statement) => statement switch
    {
        CommandExpressionAst { Redirections.Count: 0 } bare => bare.Expression,
        PipelineAst { PipelineElements: [CommandExpressionAst { Redirections.Count: 0 } only] } => only.Expression,
        _ => null,
    };

    /// <summary>Whether a simple statement writes nothing, so that others may follow it in a segment.</summary>
    public static bool IsSilent(StatementAst statement) => statement is AssignmentStatementAst or DataStatementAst
        || IsCompound(statement)
        || AsExpression(statement) is UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus }
        || (AsExpression(statement) is ConvertExpressionAst cast && IsVoid(cast));

    /// <summary>Whether a cast drops its value.</summary>
    public static bool IsVoid(ConvertExpressionAst cast) => cast.Type.TypeName.GetReflectionType() == typeof(void);

    /// <summary>Whether a cast makes a reference to a variable.</summary>
    public static bool IsReference(ConvertExpressionAst cast) => cast.Type.TypeName.FullName.Equals("ref", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether evaluating it may set <c>$?</c>: where a command or a list of statements is in it.</summary>
    public static bool MaySetSuccess(Ast value) =>
        value.Find(static node => node is CommandAst or SubExpressionAst or ArrayExpressionAst, searchNestedScriptBlocks: false) is not null;

    /// <summary>Whether <c>$?</c> is true behind a statement whatever becomes of the commands in it: not where they, or a list of statements, are all that it is.</summary>
    public static bool IsSuccess(StatementAst statement) => statement is AssignmentStatementAst assignment ? IsSuccess(assignment.Right)
        : AsExpression(statement) switch
        {
            null or SubExpressionAst or ArrayExpressionAst => false,
            ParenExpressionAst paren => IsSuccess(paren.Pipeline),
            _ => true,
        };

    public static bool IsCompound(StatementAst statement) =>
        statement is IfStatementAst or LabeledStatementAst or TryStatementAst;

    /// <summary>Whether reading it later gives the same.</summary>
    public static bool IsConstant(Ast node) => node is ScriptBlockExpressionAst or ConstantExpressionAst or TypeExpressionAst
        or VariableExpressionAst { Splatted: true } or CommandParameterAst { Argument: null }
        || (node is ConvertExpressionAst cast && IsReference(cast));

    /// <summary>Whether something is written in the middle of a statement, which would be lost if an error ended it: so such statements are interpreted.</summary>
    public static bool WritesInside(Ast statement) =>
        OwnStatements.Any(statement, static node => node is PipelineBaseAst pipeline && node.Parent is StatementBlockAst && !IsSilent(pipeline));

    /// <summary>Whether a node's own statements jump out of it.</summary>
    public static bool JumpsOut(Ast root) => root.Find(
        node => node switch
        {
            ReturnStatementAst or ExitStatementAst => true,

            // The search leaves its body out. A break or continue there is the trap's own.
            TrapStatementAst trap => OwnStatements.Any(trap.Body, static inner => inner is ReturnStatementAst or ExitStatementAst),
            ThrowStatementAst { Pipeline: null } => true,
            BreakStatementAst jump => Leaves(jump, jump.Label, root),
            ContinueStatementAst jump => Leaves(jump, jump.Label, root),
            _ => false,
        },
        searchNestedScriptBlocks: false) is not null;

    private static bool Leaves(StatementAst jump, ExpressionAst? label, Ast root)
    {
        string? name = (label as StringConstantExpressionAst)?.Value;
        for (Ast? outer = jump; outer is not null; outer = outer.Parent)
        {
            if (outer is LabeledStatementAst loop && (label is null || string.Equals(loop.Label, name, StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }

            if (ReferenceEquals(outer, root))
            {
                break;
            }
        }

        return true;
    }
}
