namespace AsyncJobs.Coroutines.Compiler;

/// <content>Assignments that suspend: on the right, in the place that is assigned to, or in both.</content>
internal sealed partial class StatementCompiler
{
    /// <summary>An assignment within an expression; gives what it is worth there.</summary>
    public ExpressionAst LowerAssignment(AssignmentStatementAst node, Lowering lowering)
    {
        if (Unwrap(node.Left) is VariableExpressionAst variable)
        {
            lowering.Steps.Add(CompileAssignment(node, isPart: true));
            return (ExpressionAst)variable.Copy();
        }

        if (node.Operator != TokenKind.Equals)
        {
            string result = Unit.NewTemporary();
            lowering.Steps.Add(CompileCompound(node, new Lowering(this, node.Extent), isPart: true, result));
            return AstBuilder.Variable(node.Extent, result);
        }

        VariableExpressionAst value = lowering.Spill(ValueOf(node, lowering));
        lowering.Steps.Add(Assign(node, LowerPlace(node.Left, lowering), (ExpressionAst)value.Copy(), isPart: true));

        // Several variables are worth what each of them has got.
        return node.Left is ArrayLiteralAst several && several.Elements.All(static element => Unwrap(element) is VariableExpressionAst)
            ? new ArrayLiteralAst(node.Extent, [.. several.Elements.Select(static element => (ExpressionAst)Unwrap(element).Copy())])
            : value;
    }

    private SequenceNode CompileAssignment(AssignmentStatementAst node, bool isPart)
    {
        var lowering = new Lowering(this, node.Extent);
        if (node.Operator != TokenKind.Equals)
        {
            return CompileCompound(node, lowering, isPart);
        }

        // The value comes before the parts of the place.
        ExpressionAst value = ValueOf(node, lowering);
        if (Meaning.NeedsInterpreting(node.Left))
        {
            ExpressionAst kept = SyntaxFacts.IsConstant(value) ? value : lowering.Spill(value);
            lowering.Steps.Add(Assign(node, LowerPlace(node.Left, lowering), kept, isPart));
        }
        else
        {
            lowering.Steps.Add(Assign(node, (ExpressionAst)node.Left.Copy(), value, isPart));
        }

        return new SequenceNode([.. lowering.Steps]);
    }

    /// <summary>The parts of the place, then the old value, then the new one.</summary>
    /// <param name="node">The assignment.</param>
    /// <param name="lowering">Its own.</param>
    /// <param name="isPart">Whether it is a part of another statement.</param>
    /// <param name="result">A variable of ours for what it is worth as an expression, if that is asked for.</param>
    private SequenceNode CompileCompound(AssignmentStatementAst node, Lowering lowering, bool isPart, string? result = null)
    {
        string? hidden = HiddenBy(node);
        if (hidden is not null)
        {
            lowering.Steps.Add(new ShedNode(hidden));
        }

        ExpressionAst place = Unwrap(node.Left) is VariableExpressionAst ? (ExpressionAst)node.Left.Copy() : LowerPlace(node.Left, lowering);
        VariableExpressionAst old = lowering.Spill((ExpressionAst)Unwrap(place).Copy());
        if (hidden is not null)
        {
            lowering.Steps.Add(new UnshedNode(hidden));
        }

        if (PowerShell7.IsCoalesceAssignment(node.Operator))
        {
            // Also what is there already is assigned.
            result ??= Unit.NewTemporary();
            lowering.Steps.Add(Store(result, AstBuilder.Write(node.Extent, (ExpressionAst)old.Copy()), node.Extent));
            var right = new Lowering(this, node.Extent);
            right.Steps.Add(Store(result, new CommandExpressionAst(node.Right.Extent, ValueOf(node, right), null), node.Extent));
            lowering.Steps.Add(new WhenNode(old.VariablePath.UserPath, WhenCondition.Null, new SequenceNode([.. right.Steps])));
            lowering.Steps.Add(Assign(node, place, AstBuilder.Variable(node.Extent, result), isPart));
            return new SequenceNode([.. lowering.Steps]);
        }

        ExpressionAst value = new BinaryExpressionAst(node.Extent, old, OperatorOf(node), ValueOf(node, lowering), node.ErrorPosition);
        if (result is not null)
        {
            lowering.Steps.Add(Store(result, new CommandExpressionAst(node.Extent, value, null), node.Extent));
            value = AstBuilder.Variable(node.Extent, result);
        }

        lowering.Steps.Add(Assign(node, place, value, isPart));
        return new SequenceNode([.. lowering.Steps]);
    }

    // Blocks of commands look variables up by name.
    private string? HiddenBy(AssignmentStatementAst node) => Unit.IsInBlock ? null : CompoundAssignmentQuirk.HiddenBy(node, Meaning.Hidden);

    private ExpressionAst ValueOf(AssignmentStatementAst node, Lowering lowering)
    {
        if (node.Right is AssignmentStatementAst chained)
        {
            return Meaning.NeedsInterpreting(chained) ? LowerAssignment(chained, lowering) : lowering.Spill(AsValue(chained));
        }

        return SyntaxFacts.AsExpression(node.Right) is { } expression
            ? lowering.Lower(expression)
            : lowering.Capture(CompileValue(node.Right, node.Extent), node.Right.Extent, asArray: Unwrap(node.Left) is ArrayLiteralAst);
    }

    /// <summary>A statement as a value: a pipeline is a part of what it is the value of, a compound one a list of its own.</summary>
    private CoroutineNode CompileValue(StatementAst statement, IScriptExtent position) =>
        SyntaxFacts.IsCompound(statement) ? Compile(statement) : CompilePart(statement, position);

    private static ParenExpressionAst AsValue(AssignmentStatementAst node) => new(node.Extent, (PipelineBaseAst)node.Copy());

    private CoroutineNode Assign(AssignmentStatementAst node, ExpressionAst place, ExpressionAst value, bool isPart)
    {
        AssignmentStatementAst assignment = Assigned(node, place, value);
        return isPart ? Part(assignment, assignment.Extent, assignment) : new NativeNode(new Segment(Unit, assignment.Extent, [assignment], isPart: !SyntaxFacts.IsSuccess(node.Right))) { Statement = assignment };
    }

    private AssignmentStatementAst Assigned(AssignmentStatementAst node, ExpressionAst place, ExpressionAst value) =>
        new(node.Extent, Unit.WithoutTypes(place), TokenKind.Equals, new CommandExpressionAst(node.Right.Extent, Unit.Converted(place, value), null), node.ErrorPosition);

    /// <summary>What can be assigned to, with its parts evaluated once.</summary>
    private ExpressionAst LowerPlace(ExpressionAst place, Lowering lowering)
    {
        switch (place)
        {
            case VariableExpressionAst:
                return (ExpressionAst)place.Copy();
            case ConvertExpressionAst convert:
                return new ConvertExpressionAst(place.Extent, (TypeConstraintAst)convert.Type.Copy(), LowerPlace(convert.Child, lowering));
            case ArrayLiteralAst several:
                return new ArrayLiteralAst(place.Extent, [.. several.Elements.Select(element => LowerPlace(element, lowering))]);
            case IndexExpressionAst index:
                return new IndexExpressionAst(place.Extent, Keep(index.Target), index.Index is ArrayLiteralAst indexes
                    ? new ArrayLiteralAst(index.Index.Extent, [.. indexes.Elements.Select(Keep)])
                    : Keep(index.Index));
            case MemberExpressionAst member when place is not InvokeMemberExpressionAst:
                return new MemberExpressionAst(
                    place.Extent,
                    Keep(member.Expression),
                    member.Member is ExpressionAst name ? Keep(name) : (CommandElementAst)member.Member.Copy(),
                    member.Static);
            default:
                throw new CoroutineNotSupportedException(place.Extent, $"A suspension in an assignment to this {place.GetType().Name}", "Await into a variable first.");
        }

        ExpressionAst Keep(ExpressionAst part)
        {
            ExpressionAst left = lowering.Lower(part);
            return SyntaxFacts.IsConstant(left) ? left : lowering.Spill(left);
        }
    }

    public static ExpressionAst Unwrap(ExpressionAst place) => place is AttributedExpressionAst attributed ? Unwrap(attributed.Child) : place;

    private static TokenKind OperatorOf(AssignmentStatementAst node) => node.Operator switch
    {
        TokenKind.PlusEquals => TokenKind.Plus,
        TokenKind.MinusEquals => TokenKind.Minus,
        TokenKind.MultiplyEquals => TokenKind.Multiply,
        TokenKind.DivideEquals => TokenKind.Divide,
        TokenKind.RemainderEquals => TokenKind.Rem,
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}
