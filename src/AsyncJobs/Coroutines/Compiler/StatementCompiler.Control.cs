namespace AsyncJobs.Coroutines.Compiler;

/// <content>Conditions, loops, switch and try.</content>
internal sealed partial class StatementCompiler
{
    /// <summary>Evaluates a condition into a variable. After one with a command in it <c>$?</c> is true, however that ended.</summary>
    private CoroutineNode Condition(PipelineBaseAst statement, string variable)
    {
        CoroutineNode value = Value(statement, variable);
        return Unit.UsesSuccess && statement.Find(static node => node is CommandAst, searchNestedScriptBlocks: false) is not null
            ? new SequenceNode([value, new SuccessNode()])
            : value;
    }

    /// <summary>Evaluates a collection, or what a switch is of, into a variable.</summary>
    private CoroutineNode Value(StatementAst statement, string variable)
    {
        IScriptExtent extent = statement.Extent;
        if (!Meaning.NeedsInterpreting(statement))
        {
            return Store(variable, (StatementAst)statement.Copy(), extent);
        }

        var assignment = statement as AssignmentStatementAst;
        ExpressionAst? expression = SyntaxFacts.AsExpression(statement);
        if (assignment is null && expression is null)
        {
            return new CaptureNode(CompileValue(statement, extent), variable, asArray: false);
        }

        var lowering = new Lowering(this, extent);
        ExpressionAst rest = assignment is not null ? LowerAssignment(assignment, lowering) : lowering.Lower(expression!);
        return new SequenceNode([.. lowering.Steps, Store(variable, new CommandExpressionAst(extent, rest, null), extent)]);
    }

    /// <summary>Evaluates what a loop goes over: an expression's value, or all that a command writes, each as it is.</summary>
    private CoroutineNode Items(StatementAst statement, string variable) =>
        statement is not AssignmentStatementAst && SyntaxFacts.AsExpression(statement) is null ? new CaptureNode(CompileValue(statement, statement.Extent), variable, asArray: true) : Value(statement, variable);

    private IfNode CompileIf(IfStatementAst node)
    {
        var clauses = node.Clauses.Select(clause =>
        {
            string variable = Unit.NewTemporary();
            return (Condition(clause.Item1, variable), variable, CompileBlock(clause.Item2));
        });
        return new IfNode([.. clauses], CompileBlock(node.ElseClause));
    }

    private LoopNode Loop(
        LoopStatementAst node, PipelineBaseAst? before, PipelineBaseAst? condition, bool until, bool testFirst, StatementBlockAst body, PipelineBaseAst? after)
    {
        string variable = Unit.NewTemporary();
        return new LoopNode(
            node.Label, DiscardOutput(before), condition is null ? null : Condition(condition, variable), variable, until, testFirst, CompileBlock(body), DiscardOutput(after));
    }

    private CoroutineNode DiscardOutput(StatementAst? statement)
    {
        if (statement is null)
        {
            return new EmptyNode();
        }

        return new CaptureNode(CompileValue(statement, statement.Extent), variable: null, asArray: true);
    }

    private ForEachNode CompileForEach(ForEachStatementAst node)
    {
        string values = Unit.NewTemporary();
        VariablePath variable = node.Variable.VariablePath;
        string item = variable.IsUnscopedVariable ? variable.UserPath : Unit.NewTemporary();
        IScriptExtent extent = node.Variable.Extent;
        CoroutineNode items = Items(node.Condition, values);
        CoroutineNode body = CompileBlock(node.Body);
        if (!variable.IsUnscopedVariable)
        {
            // One of another scope is assigned what a variable of ours goes over.
            var value = new CommandExpressionAst(extent, AstBuilder.Variable(extent, item), null);
            body = new SequenceNode([Native(new AssignmentStatementAst(extent, (ExpressionAst)node.Variable.Copy(), TokenKind.Equals, value, extent)), body]);
        }

        return new ForEachNode(node.Label, items, values, item, body, ErrorSegments.Part(Unit, extent));
    }

    private SwitchNode CompileSwitch(SwitchStatementAst node)
    {
        string values = Unit.NewTemporary();
        string item = Unit.NewTemporary();
        string matched = Unit.NewTemporary();
        var clauses = node.Clauses.Select(clause =>
        {
            var lowering = new Lowering(this, clause.Item1.Extent);
            ExpressionAst condition = lowering.Lower(clause.Item1);
            return (new SequenceNode([.. lowering.Steps]), TestOf(node, item, condition, matched), CompileBlock(clause.Item2));
        });
        return new SwitchNode(
            node.Label,
            node.Flags.HasFlag(SwitchFlags.File) ? Lines(node.Condition, values) : Items(node.Condition, values),
            values,
            item,
            [.. clauses],
            matched,
            node.Default is null ? null : CompileBlock(node.Default),
            ErrorSegments.Part(Unit, node.Condition.Extent));
    }

    /// <summary>What <c>switch -File</c> goes over, read by such a switch: <c>switch -File path { default { $_ } }</c>.</summary>
    private CaptureNode Lines(PipelineBaseAst path, string variable)
    {
        IScriptExtent extent = path.Extent;
        var lowering = new Lowering(this, extent);
        ExpressionAst name = SyntaxFacts.AsExpression(path) is { } expression
            ? lowering.Lower(expression)
            : lowering.Capture(CompileValue(path, extent), extent, asArray: false);
        var read = new SwitchStatementAst(
            extent,
            label: null,
            AstBuilder.Write(extent, name),
            SwitchFlags.File,
            clauses: null,
            new StatementBlockAst(extent, [AstBuilder.Write(extent, AstBuilder.Variable(extent, "_"))], null));
        return new CaptureNode(new SequenceNode([.. lowering.Steps, new NativeNode(new Segment(Unit, extent, [read], isPart: true))]), variable, asArray: true);
    }

    /// <summary>A switch of one item and one clause, which says whether it matched: <c>switch ($item) { condition { $matched = $true } default { $matched = $false } }</c>.</summary>
    private NativeNode TestOf(SwitchStatementAst node, string item, ExpressionAst condition, string matched)
    {
        IScriptExtent extent = condition.Extent;
        var test = new SwitchStatementAst(
            extent,
            label: null,
            AstBuilder.Write(extent, AstBuilder.Variable(extent, item)),
            node.Flags & ~SwitchFlags.File,
            [Tuple.Create(condition, Noting("true"))],
            Noting("false"));
        return new NativeNode(new Segment(Unit, extent, [test], isPart: true), matched);

        // A block as a condition leaves $? as its last statement does.
        StatementBlockAst Noting(string value) => new(
            extent,
            [
                .. Unit.UsesSuccess && condition is ScriptBlockExpressionAst ? new[] { SuccessVariable.Note(extent) } : [],
                AstBuilder.Assign(extent, matched, AstBuilder.Write(extent, AstBuilder.Variable(extent, value))),
            ],
            null);
    }

    private TryNode CompileTry(TryStatementAst node) => new(
        CompileBlock(node.Body),
        node.CatchClauses.Count == 0 ? null : ErrorSegments.Catch(Unit, node),
        [.. node.CatchClauses.Select(CompileCatch)],
        node.Finally is null ? null : CompileBlock(node.Finally),
        _traps is { } traps ? HandlerFor(node, traps) : null);

    // A throw with nothing behind it, in a block there, throws again what is caught.
    private CoroutineNode CompileCatch(CatchClauseAst clause) => Within(() =>
    {
        Unit.IsInCatch |= RethrowScope.IsNeeded(clause);
        return CompileBlock(clause.Body);
    });

    /// <summary>A list with traps: each statement by itself, so that it is known which comes next.</summary>
    private TrappedStatementsNode CompileTrapped(IReadOnlyList<StatementAst> statements, IReadOnlyList<TrapStatementAst> traps)
    {
        TrapPart[] parts = Within<TrapPart[]>(() =>
        {
            Unit.IsInTrap = true;
            return [.. traps.Select(CompileTrap)];
        });
        var compiled = new List<(CoroutineNode, TrapHandler, IReadOnlyList<string>)>();
        foreach (StatementAst statement in statements)
        {
            _traps = (parts, traps);
            CoroutineNode node = _sending is null ? Compile(statement) : new SequenceNode([Compile(statement), .. Sending(statement)]);
            compiled.Add((node, HandlerFor(statement, (parts, traps)), [.. TargetsOf(statement)]));
            _traps = null;
        }

        return new TrappedStatementsNode([.. compiled], parts);
    }

    private IEnumerable<string> TargetsOf(StatementAst statement) => statement is not AssignmentStatementAst assignment ? []
        : (Unwrap(assignment.Left) is ArrayLiteralAst several ? several.Elements.Select(Unwrap) : [Unwrap(assignment.Left)])
            .OfType<VariableExpressionAst>().Where(target => target.VariablePath.IsUnscopedVariable && !Unit.IsTyped(target)).Select(static target => target.VariablePath.UserPath);

    private TrapPart CompileTrap(TrapStatementAst trap)
    {
        UnsupportedBlocks.Check(trap.Body.Statements, trap.Body.Traps is { Count: > 0 }, Meaning);
        return new TrapPart(CompileBlock(trap.Body), BlockFacts.Of(trap.Body).Assigned);
    }

    private TrapHandler HandlerFor(StatementAst statement, (TrapPart[] Parts, IReadOnlyList<TrapStatementAst> Nodes) traps) =>
        new(traps.Parts, ErrorSegments.Trap(Unit, statement.Extent, traps.Nodes), ErrorSegments.Report(Unit, statement.Extent));

    private ChainNode CompileChain(StatementAst chain)
    {
        string succeeded = Unit.NewTemporary();
        var parts = new List<ChainPart>();
        StatementAst? rest = chain;
        while (rest is not null && PowerShell7.TryChain(rest, out StatementAst? left, out PipelineAst? right, out bool after))
        {
            parts.Insert(0, Part(right, after));
            rest = left;
        }

        parts.Insert(0, Part((PipelineAst)rest!, null));
        return new ChainNode([.. parts], succeeded);

        ChainPart Part(PipelineAst pipeline, bool? after)
        {
            IScriptExtent extent = pipeline.Extent;
            StatementAst note = AstBuilder.Assign(extent, succeeded, AstBuilder.Write(extent, AstBuilder.Variable(extent, "?")));
            CoroutineNode node;
            if (IsNative(pipeline))
            {
                // An expression alone is a success.
                node = SyntaxFacts.AsExpression(pipeline) is null
                    ? new NativeNode(new Segment(Unit, extent, [WithSink(pipeline, out _), note]))
                    : Native(WithSink(pipeline, out _), isPart: true);
            }
            else
            {
                bool endsInCommand = pipeline.PipelineElements[^1] is CommandAst last && !SuspensionPoints.IsSuspension(last, Meaning.Names) && !SuspensionPoints.IsCall(last, Meaning.Names) && ForEachPipeline.Of(last, Meaning.Names) is null;
                node = endsInCommand ? new SequenceNode([Compile(pipeline), Native(note)]) : CompilePart(pipeline, extent);
            }

            // What it has written is handled before the next pipeline runs.
            CoroutineNode[] sending = Sending(pipeline);
            node = sending.Length == 0 ? node : new SequenceNode([node, .. sending]);
            return new ChainPart(node, _traps is { } traps ? HandlerFor(pipeline, traps) : null, after);
        }
    }
}
