namespace AsyncJobs.Coroutines.Compiler;

/// <summary>
/// Takes the suspensions out of one expression, in evaluation order: what has to be evaluated before the expression
/// itself goes to <see cref="Steps"/>, and what is left reads it from variables.
/// </summary>
/// <param name="compiler">The block's.</param>
/// <param name="position">The statement that it is of: where PowerShell says that an error in any part of it was.</param>
internal sealed class Lowering(StatementCompiler compiler, IScriptExtent position)
{
    private readonly CompilationUnit _unit = compiler.Unit;

    public List<CoroutineNode> Steps { get; } = [];

    /// <summary>What is left of an expression: a new node, which no suspension is in.</summary>
    public ExpressionAst Lower(ExpressionAst node)
    {
        if (!compiler.Meaning.NeedsInterpreting(node))
        {
            return (ExpressionAst)node.Copy();
        }

        IScriptExtent extent = node.Extent;
        switch (node)
        {
            case ParenExpressionAst { Pipeline: AssignmentStatementAst assignment }:
                return compiler.LowerAssignment(assignment, this);
            case ParenExpressionAst { Pipeline: PipelineAst } paren:
                if (SyntaxFacts.AsExpression(paren.Pipeline) is { } inner)
                {
                    return new ParenExpressionAst(extent, AstBuilder.Write(extent, Lower(inner)));
                }

                return Capture(compiler.CompilePart(paren.Pipeline, position), extent, asArray: false);
            case ParenExpressionAst paren when PowerShell7.IsChain(paren.Pipeline):
                return Capture(compiler.CompilePart(paren.Pipeline, position), extent, asArray: false);
            case SubExpressionAst sub:
                return Capture(compiler.CompileBlock(sub.SubExpression), extent, asArray: false);
            case ArrayExpressionAst array:
                return Capture(compiler.CompileBlock(array.SubExpression), extent, asArray: true);
            case BinaryExpressionAst { Operator: TokenKind.And or TokenKind.Or } logical:
                return LowerLogical(logical);
            case BinaryExpressionAst binary when PowerShell7.IsCoalesce(binary.Operator):
                return LowerCoalesce(binary);
            case BinaryExpressionAst { Operator: TokenKind.Iin or TokenKind.Inotin or TokenKind.Cin or TokenKind.Cnotin } within:
                // PowerShell turns them around: what it looks in comes first.
                ExpressionAst[] turned = LowerAll(within.Right, within.Left);
                return new BinaryExpressionAst(extent, turned[1], within.Operator, turned[0], within.ErrorPosition);
            case BinaryExpressionAst binary:
                ExpressionAst[] sides = LowerAll(binary.Left, binary.Right);
                return new BinaryExpressionAst(extent, sides[0], binary.Operator, sides[1], binary.ErrorPosition);
            case UnaryExpressionAst unary:
                return new UnaryExpressionAst(extent, unary.TokenKind, Lower(unary.Child));
            case ConvertExpressionAst convert:
                return new ConvertExpressionAst(extent, (TypeConstraintAst)convert.Type.Copy(), Lower(convert.Child));
            case ArrayLiteralAst literal:
                return new ArrayLiteralAst(extent, LowerAll([.. literal.Elements]));
            case IndexExpressionAst index when PowerShell7.IsNullConditional(index):
                return LowerNullConditional(extent, index.Target, [index.Index], (target, rest) => new IndexExpressionAst(extent, target, rest[0]));
            case IndexExpressionAst index:
                ExpressionAst[] both = LowerAll(index.Target, index.Index);
                return new IndexExpressionAst(extent, both[0], both[1]);
            case InvokeMemberExpressionAst call when node.GetType() == typeof(InvokeMemberExpressionAst):
                return LowerMember(call, call.Arguments ?? Enumerable.Empty<ExpressionAst>(), (target, name, arguments) => PowerShell7.Call(call, target, name, arguments));
            case MemberExpressionAst member when node.GetType() == typeof(MemberExpressionAst):
                return LowerMember(member, [], (target, name, _) => new MemberExpressionAst(extent, target, name, member.Static));
            case HashtableAst table:
                return LowerTable(table);
            case ExpandableStringExpressionAst text:
                return LowerText(text);
            default:
                if (PowerShell7.TryTernary(node, out ExpressionAst? test, out ExpressionAst? yes, out ExpressionAst? no))
                {
                    return LowerTernary(extent, test, yes, no);
                }

                break;
        }

        throw new CoroutineNotSupportedException(extent, $"A suspension inside this {node.GetType().Name}", "Await into a variable first, and use the variable here.");
    }

    /// <summary>What is left of several expressions that are evaluated one after the other.</summary>
    public ExpressionAst[] LowerAll(params ExpressionAst[] nodes)
    {
        int last = Array.FindLastIndex(nodes, compiler.Meaning.NeedsInterpreting);
        var left = new ExpressionAst[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            // Those before a suspension are evaluated before it.
            left[i] = i < last && !SyntaxFacts.IsConstant(nodes[i]) ? Spill(Lower(nodes[i])) : Lower(nodes[i]);
        }

        return left;
    }

    /// <summary>Evaluates what is left of an expression now, into a variable.</summary>
    public VariableExpressionAst Spill(ExpressionAst left)
    {
        if (left is VariableExpressionAst { VariablePath.UserPath: { } known } && OwnNames.Are(known))
        {
            return (VariableExpressionAst)left;
        }

        string name = _unit.NewTemporary();
        Steps.Add(compiler.Store(name, new CommandExpressionAst(left.Extent, left, null), position));
        return AstBuilder.Variable(left.Extent, name);
    }

    /// <summary>A statement's value.</summary>
    public VariableExpressionAst Capture(CoroutineNode statement, IScriptExtent extent, bool asArray)
    {
        string name = _unit.NewTemporary();
        Steps.Add(new CaptureNode(statement, name, asArray));
        return AstBuilder.Variable(extent, name);
    }

    /// <summary>A member or a call: what it is of, then its name if that is an expression, then its arguments.</summary>
    private ExpressionAst LowerMember(
        MemberExpressionAst node, IEnumerable<ExpressionAst> arguments, Func<ExpressionAst, CommandElementAst, IEnumerable<ExpressionAst>, ExpressionAst> build)
    {
        ExpressionAst[] name = node.Member is ExpressionAst and not StringConstantExpressionAst ? [(ExpressionAst)node.Member] : [];
        if (PowerShell7.IsNullConditional(node))
        {
            return LowerNullConditional(node.Extent, node.Expression, [.. name, .. arguments], Build);
        }

        ExpressionAst[] parts = LowerAll([node.Expression, .. name, .. arguments]);
        return Build(parts[0], parts[1..]);

        ExpressionAst Build(ExpressionAst target, ExpressionAst[] rest) =>
            name.Length == 0 ? build(target, (CommandElementAst)node.Member.Copy(), rest) : build(target, rest[0], rest[1..]);
    }

    /// <summary><c>target?.rest</c>: of null it is null, and the rest is not evaluated.</summary>
    private VariableExpressionAst LowerNullConditional(IScriptExtent extent, ExpressionAst target, ExpressionAst[] rest, Func<ExpressionAst, ExpressionAst[], ExpressionAst> build)
    {
        VariableExpressionAst known = Spill(Lower(target));
        string result = _unit.NewTemporary();
        Steps.Add(compiler.Store(result, AstBuilder.Write(extent, AstBuilder.Variable(extent, "null")), position));
        var branch = new Lowering(compiler, position);
        ExpressionAst value = build((ExpressionAst)known.Copy(), branch.LowerAll(rest));
        branch.Steps.Add(compiler.Store(result, new CommandExpressionAst(extent, value, null), position));
        Steps.Add(new WhenNode(known.VariablePath.UserPath, WhenCondition.NotNull, new SequenceNode([.. branch.Steps])));
        return AstBuilder.Variable(extent, result);
    }

    private VariableExpressionAst LowerLogical(BinaryExpressionAst node)
    {
        string result = _unit.NewTemporary();
        Steps.Add(new TruthNode(Spill(Lower(node.Left)).VariablePath.UserPath, result));
        var right = new Lowering(compiler, position);
        VariableExpressionAst value = right.Spill(right.Lower(node.Right));
        right.Steps.Add(new TruthNode(value.VariablePath.UserPath, result));
        Steps.Add(new WhenNode(result, node.Operator == TokenKind.And ? WhenCondition.True : WhenCondition.False, new SequenceNode([.. right.Steps])));
        return AstBuilder.Variable(node.Extent, result);
    }

    private VariableExpressionAst LowerCoalesce(BinaryExpressionAst node)
    {
        string result = _unit.NewTemporary();
        ExpressionAst first = Lower(node.Left);
        Steps.Add(compiler.Store(result, new CommandExpressionAst(first.Extent, first, null), position));
        Steps.Add(new WhenNode(result, WhenCondition.Null, Into(result, node.Right)));
        return AstBuilder.Variable(node.Extent, result);
    }

    private VariableExpressionAst LowerTernary(IScriptExtent extent, ExpressionAst test, ExpressionAst yes, ExpressionAst no)
    {
        string result = _unit.NewTemporary();
        string truth = _unit.NewTemporary();
        Steps.Add(new TruthNode(Spill(Lower(test)).VariablePath.UserPath, truth));
        Steps.Add(new WhenNode(truth, WhenCondition.True, Into(result, yes)));
        Steps.Add(new WhenNode(truth, WhenCondition.False, Into(result, no)));
        return AstBuilder.Variable(extent, result);
    }

    private SequenceNode Into(string variable, ExpressionAst value)
    {
        var branch = new Lowering(compiler, position);
        ExpressionAst left = branch.Lower(value);
        return new SequenceNode([.. branch.Steps, compiler.Store(variable, new CommandExpressionAst(value.Extent, left, null), position)]);
    }

    /// <summary>The keys and values in their order; a value may be any statement, as what is assigned.</summary>
    private HashtableAst LowerTable(HashtableAst table)
    {
        StatementAst[] parts = [.. table.KeyValuePairs.SelectMany(static pair => new[] { AstBuilder.Write(pair.Item1.Extent, (ExpressionAst)pair.Item1.Copy()), pair.Item2 })];
        int last = Array.FindLastIndex(parts, compiler.Meaning.NeedsInterpreting);
        var left = new StatementAst[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            left[i] = i > last ? (StatementAst)parts[i].Copy() : LowerValue(parts[i], i < last);
        }

        return new HashtableAst(table.Extent, table.KeyValuePairs.Select((_, i) => Tuple.Create((ExpressionAst)SyntaxFacts.AsExpression(left[2 * i])!.Copy(), left[(2 * i) + 1])));
    }

    private PipelineAst LowerValue(StatementAst value, bool isBeforeOthers)
    {
        ExpressionAst? expression = SyntaxFacts.AsExpression(value) ?? (value is PipelineBaseAst pipeline ? new ParenExpressionAst(value.Extent, (PipelineBaseAst)pipeline.Copy()) : null);
        return AstBuilder.Write(
            value.Extent,
            expression is null ? Capture(compiler.Compile(value), value.Extent, asArray: false)
                : isBeforeOthers && !SyntaxFacts.IsConstant(expression) ? Spill(Lower(expression))
                : Lower(expression));
    }

    /// <summary>A string with variables in the place of what is nested in it.</summary>
    private ExpandableStringExpressionAst LowerText(ExpandableStringExpressionAst text)
    {
        string[] left = [.. text.NestedExpressions.Select(part => Spill(Lower(part)).VariablePath.UserPath)];
        string source = text.Extent.Text;
        for (int i = text.NestedExpressions.Count - 1; i >= 0; i--)
        {
            IScriptExtent nested = text.NestedExpressions[i].Extent;
            source = source[..(nested.StartOffset - text.Extent.StartOffset)] + "${" + left[i] + "}" + source[(nested.EndOffset - text.Extent.StartOffset)..];
        }

        // One without quotes is one as an argument only.
        Ast parsed = Parser.ParseInput(text.StringConstantType == StringConstantType.BareWord ? "_ " + source : source, out _, out ParseError[] errors);
        return errors.Length == 0 && parsed.Find(static node => node is ExpandableStringExpressionAst, false) is { } written
            ? (ExpandableStringExpressionAst)written.Copy()
            : throw new CoroutineNotSupportedException(text.Extent, "A suspension inside this string", "Await into a variable first, and use the variable here.");
    }
}
