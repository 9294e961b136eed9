namespace AsyncJobs.Coroutines.Compiler;

/// <summary>Makes nodes of statements: those that need no interpreting become native segments, as long as can be.</summary>
/// <param name="unit">The block's.</param>
/// <param name="meaning">What decides how it runs.</param>
internal sealed partial class StatementCompiler(CompilationUnit unit, BlockMeaning meaning)
{
    // Those of the list whose statement is being compiled; not for what stands in blocks inside it.
    private (TrapPart[] Parts, IReadOnlyList<TrapStatementAst> Nodes)? _traps;

    public CompilationUnit Unit { get; } = unit;

    public BlockMeaning Meaning { get; } = meaning;

    /// <summary>All of a script block's statements.</summary>
    public CoroutineNode CompileBlocks(ScriptBlockAst block)
    {
        NamedBlockAst? clean = PowerShell7.CleanBlockOf(block);
        if (block.BeginBlock is null && block.ProcessBlock is null && clean is null)
        {
            return CompileNamed(block.EndBlock);
        }

        CoroutineNode?[] nodes = [.. new[] { block.BeginBlock, block.ProcessBlock, block.EndBlock }.Select(named => named is null ? null : CompileNamed(named))];
        if (clean is null)
        {
            return new NamedBlocksNode(nodes, null, null);
        }

        // PowerShell's name for it.
        return InFrame((block.EndBlock is null ? "" : "<End>") + "<Clean>", () => new NamedBlocksNode(nodes, Clean(clean), ErrorSegments.Report(Unit, clean.Extent)));
    }

    private CoroutineNode CompileNamed(NamedBlockAst block) => InFrame(block.Unnamed ? "" : $"<{block.BlockKind}>", () => CompileStatements(block));

    private CoroutineNode CompileStatements(NamedBlockAst block)
    {
        UnsupportedBlocks.Check(block.Statements, block.Traps is { Count: > 0 }, Meaning);
        return CompileAll(block.Statements, block.Traps);
    }

    private T InFrame<T>(string suffix, Func<T> compile) => Within(() =>
    {
        Unit.FrameName += suffix;
        return compile();
    });

    /// <summary>Compiles something whose surroundings, as it sets them, are its own.</summary>
    private T Within<T>(Func<T> compile)
    {
        (string frame, bool isInBlock, bool isInCatch, bool isInTrap) = (Unit.FrameName, Unit.IsInBlock, Unit.IsInCatch, Unit.IsInTrap);
        (var traps, var sending) = (_traps, _sending);
        try
        {
            return compile();
        }
        finally
        {
            (Unit.FrameName, Unit.IsInBlock, Unit.IsInCatch, Unit.IsInTrap) = (frame, isInBlock, isInCatch, isInTrap);
            (_traps, _sending) = (traps, sending);
        }
    }

    private Segment Clean(NamedBlockAst clean)
    {
        IScriptExtent extent = clean.Extent;
        UnsupportedBlocks.Check(clean.Statements, isTrapped: true, Meaning);
        IEnumerable<StatementAst> statements = clean.Statements.Select(static statement => (StatementAst)statement.Copy());
        var body = new StatementBlockAst(extent, statements, clean.Traps?.Select(static trap => (TrapStatementAst)trap.Copy()));
        return new Segment(Unit, extent, [new IfStatementAst(extent, [Tuple.Create((PipelineBaseAst)AstBuilder.Write(extent, AstBuilder.Variable(extent, "true")), body)], elseClause: null)]);
    }

    public CoroutineNode CompileBlock(StatementBlockAst? block) =>
        block is null ? new EmptyNode() : CompileAll(block.Statements, block.Traps);

    public CoroutineNode CompileAll(IReadOnlyList<StatementAst> statements, IReadOnlyList<TrapStatementAst>? traps) => Within(() =>
    {
        _traps = null;
        return CompileList([.. statements.Where(static statement => statement is not TypeDefinitionAst)], traps);
    });

    private CoroutineNode CompileList(IReadOnlyList<StatementAst> statements, IReadOnlyList<TrapStatementAst>? traps)
    {
        if (traps is { Count: > 0 })
        {
            return CompileTrapped(statements, traps);
        }

        var nodes = new List<CoroutineNode>();
        for (int i = 0; i < statements.Count; i++)
        {
            StatementAst statement = statements[i];
            int count = SteppablePipelines.StepAt(statements, i, Meaning);
            nodes.Add(count == 0 ? Compile(statement) : Native([.. statements.Skip(i).Take(count).Select(Streaming)]));
            nodes.AddRange(statement is AssignmentStatementAst ? [] : Sending(statement));
            i += Math.Max(count, 1) - 1;
        }

        return new SequenceNode([.. nodes]);
    }

    /// <summary>A statement of any kind.</summary>
    public CoroutineNode Compile(StatementAst statement) => Compile(statement, statement.Extent, isPart: false);

    /// <summary>A statement, pipeline or assignment that is a part of another: an error in it ends that one.</summary>
    /// <param name="statement">It.</param>
    /// <param name="position">Where PowerShell says that such an error was.</param>
    public CoroutineNode CompilePart(StatementAst statement, IScriptExtent position) => Compile(statement, position, isPart: true);

    private CoroutineNode Compile(StatementAst statement, IScriptExtent position, bool isPart)
    {
        if (IsNative(statement))
        {
            return CompileWhole(statement, position, isPart);
        }

        try
        {
            return Within(() => CompileInParts(statement, position, isPart));
        }
        catch (CoroutineNotSupportedException) when (Meaning.MayWaitInPlace(statement))
        {
            return CompileWhole(statement, position, isPart);
        }
    }

    /// <summary>A statement that PowerShell runs as it stands; what may suspend in it, if anything, waits there and turns the loop.</summary>
    private CoroutineNode CompileWhole(StatementAst statement, IScriptExtent position, bool isPart)
    {
        StatementAst tapped = WithSink(statement, out bool endsSegment);
        return isPart ? Part(tapped, position, statement) : new NativeNode(new Segment(Unit, position, [tapped]))
        {
            Statement = statement,
            MayBeFollowed = !endsSegment && !Unit.UsesSuccess && _sending is null,
        };
    }

    /// <summary>A statement that suspends or jumps out of itself.</summary>
    private CoroutineNode CompileInParts(StatementAst statement, IScriptExtent position, bool isPart)
    {
        return statement switch
        {
            PipelineAst pipeline when SyntaxFacts.TryGetStreamedExpression(pipeline) is { } expression => CompilePartWritten(expression, position, isPart),
            PipelineAst pipeline => CompilePipeline(pipeline, position, isPart),
            CommandExpressionAst expression => CompilePipeline(new PipelineAst(expression.Extent, (CommandBaseAst)expression.Copy()), position, isPart),
            AssignmentStatementAst assignment => CompileAssignment(assignment, isPart),
            IfStatementAst conditional => CompileIf(conditional),
            WhileStatementAst loop => Loop(loop, null, loop.Condition, until: false, testFirst: true, loop.Body, null),
            DoWhileStatementAst loop => Loop(loop, null, loop.Condition, until: false, testFirst: false, loop.Body, null),
            DoUntilStatementAst loop => Loop(loop, null, loop.Condition, until: true, testFirst: false, loop.Body, null),
            ForStatementAst loop => Loop(loop, loop.Initializer, loop.Condition, until: false, testFirst: true, loop.Body, loop.Iterator),
            ForEachStatementAst loop => CompileForEach(loop),
            SwitchStatementAst choice => CompileSwitch(choice),
            TryStatementAst attempt => CompileTry(attempt),
            ReturnStatementAst { Pipeline: null } => new JumpNode(new Flow(FlowKind.Return)),
            ReturnStatementAst { Pipeline: { } value } => new SequenceNode([CompilePart(AsWritten(value), value.Extent), .. Sending(statement), new JumpNode(new Flow(FlowKind.Return))]),
            ExitStatementAst exit => new SequenceNode([DiscardOutput(exit.Pipeline), new JumpNode(new Flow(FlowKind.Exit))]),
            BreakStatementAst jump => CompileJump(jump, FlowKind.Break, jump.Label),
            ContinueStatementAst jump => CompileJump(jump, FlowKind.Continue, jump.Label),
            ThrowStatementAst { Pipeline: null } thrown => CompileRethrow(thrown),
            ThrowStatementAst thrown => CompileThrow(thrown),
            FunctionDefinitionAst function => CompileFunction(function),
            _ when PowerShell7.IsChain(statement) => CompileChain(statement),
            _ => throw new CoroutineNotSupportedException(statement.Extent, $"A {statement.GetType().Name} that suspends or jumps", "Put the await on a line of its own."),
        };
    }

    private CoroutineNode[] Sending(StatementAst statement) => _sending is null ? [] : [_sending(statement.Extent)];

    /// <summary>What writes the value of a statement: an assignment by itself writes nothing.</summary>
    private static PipelineBaseAst AsWritten(PipelineBaseAst statement) =>
        statement is AssignmentStatementAst assignment ? AstBuilder.Write(statement.Extent, AsValue(assignment)) : statement;

    public NativeNode Native(params StatementAst[] statements) => new(new Segment(Unit, statements[0].Extent, statements));

    private CoroutineNode Native(StatementAst statement, bool isPart) => isPart ? Part(statement, statement.Extent) : Native(statement);

    /// <summary>A part of a statement: what it writes as an expression is written when all of it is evaluated.</summary>
    /// <param name="statement">The part.</param>
    /// <param name="position">Where PowerShell says that an error in it was.</param>
    /// <param name="original">The part as the script has it; null where it is none of the script's.</param>
    private CoroutineNode Part(StatementAst statement, IScriptExtent position, StatementAst? original = null)
    {
        if (SyntaxFacts.AsExpression(statement) is ConvertExpressionAst { Child: var dropped } cast && SyntaxFacts.IsVoid(cast))
        {
            // As a value PowerShell would not evaluate it at all.
            return Store(Unit.NewTemporary(), AstBuilder.Write(position, (ExpressionAst)dropped.Copy()), position);
        }

        if (SyntaxFacts.IsSilent(statement))
        {
            return Store(Unit.NewTemporary(), statement, position, original);
        }

        if (SyntaxFacts.AsExpression(statement) is null)
        {
            return new NativeNode(new Segment(Unit, position, [statement], isPart: true)) { Statement = original };
        }

        string variable = Unit.NewTemporary();
        return Write(Store(variable, statement, position), variable, position, original);
    }

    private WriteNode Write(CoroutineNode value, string variable, IScriptExtent position, StatementAst? original = null) =>
        new(value, Native(AstBuilder.Write(position, AstBuilder.Variable(position, variable))), variable) { Statement = original };

    /// <summary><c>$variable = statement</c>, for a variable of ours.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="statement">What gives its value.</param>
    /// <param name="position">The statement that an error in it is of.</param>
    /// <param name="original">What the script has for all of it; null where the script has none.</param>
    public NativeNode Store(string variable, StatementAst statement, IScriptExtent position, StatementAst? original = null) =>
        new(new Segment(Unit, position, [AstBuilder.Assign(position, variable, statement)], isPart: true), variable) { Statement = original };

    /// <summary>Whether a statement runs natively; not where an assignment inside it has to be made a
    /// conversion, nor one that changes its scope on a path that it may not take.</summary>
    private bool IsNative(StatementAst statement) => Meaning.IsNative(statement) && !StartsTasksInside(statement)
        && !(statement is IfStatementAst && Unit.ScopeEffects.Of([statement], Unit.IsInTrap) != ScopeEffect.None)
        && !(_traps is not null && SyntaxFacts.MayEnterTrap(statement))
        && !(SyntaxFacts.IsCompound(statement) && statement.Find(
            node => node is AssignmentStatementAst { Left: VariableExpressionAst left } && Unit.IsTyped(left) && !Unit.Converts(left)
                || node is VariableExpressionAst declared && Unit.Converts(declared) && TypedLocals.DeclarationOf(declared) is not null,
            searchNestedScriptBlocks: false) is not null);

    // Those that the engine starts by itself, which saves more than it costs to take the statement apart.
    private bool StartsTasksInside(StatementAst statement) => !Unit.UsesSuccess && SyntaxFacts.IsCompound(statement is AssignmentStatementAst assignment ? assignment.Right : statement)
        && OwnStatements.Any(statement, node => node is CommandAst { Parent: PipelineAst { PipelineElements.Count: 1 } } command && IntrinsicBlockStart.Suits(command, Meaning.Names));

    /// <summary>A native statement whose output, if commands write it, goes on as it is written.</summary>
    private StatementAst WithSink(StatementAst statement, out bool endsSegment)
    {
        endsSegment = false;
        if (statement is AssignmentStatementAst { Operator: TokenKind.Equals } assignment && Unwrap(assignment.Left) is VariableExpressionAst left && Unit.IsTyped(left)
            && SyntaxFacts.AsExpression(assignment.Right) is { } value)
        {
            return Assigned(assignment, (ExpressionAst)assignment.Left.Copy(), (ExpressionAst)value.Copy());
        }

        if (statement is AssignmentStatementAst declaring && declaring.Left is not VariableExpressionAst)
        {
            return new AssignmentStatementAst(
                statement.Extent, Unit.WithoutTypes((ExpressionAst)declaring.Left.Copy()), declaring.Operator, (StatementAst)declaring.Right.Copy(), declaring.ErrorPosition);
        }

        if (SyntaxFacts.IsSilent(statement))
        {
            return (StatementAst)statement.Copy();
        }

        if (statement is PipelineAst pipeline && SyntaxFacts.AsExpression(pipeline) is null && !PowerShell7.IsBackground(pipeline))
        {
            return OutAsyncCoroutineCommand.AppendTo(pipeline.Extent, [.. pipeline.PipelineElements.Select(static element => (CommandBaseAst)element.Copy())]);
        }

        endsSegment = true;
        return (StatementAst)statement.Copy();
    }

    // What an expression in the middle of a step writes goes on as it is written, too.
    private StatementAst Streaming(StatementAst statement) => SyntaxFacts.AsExpression(statement) is { } expression && !SyntaxFacts.IsSilent(statement)
        ? OutAsyncCoroutineCommand.AppendTo(statement.Extent, [new CommandExpressionAst(statement.Extent, (ExpressionAst)expression.Copy(), null)])
        : WithSink(statement, out _);

    private CoroutineNode CompileJump(StatementAst jump, FlowKind kind, ExpressionAst? label)
    {
        if (label is null or StringConstantExpressionAst)
        {
            return new JumpNode(new Flow(kind, (label as StringConstantExpressionAst)?.Value));
        }

        var lowering = new Lowering(this, jump.Extent);
        VariableExpressionAst name = lowering.Spill(lowering.Lower(label));
        return new SequenceNode([.. lowering.Steps, new LabelledJumpNode(kind, name.VariablePath.UserPath)]);
    }

    // Whether it throws again what is caught, its place in the script says; not its place at run time.
    private CoroutineNode CompileRethrow(ThrowStatementAst thrown)
    {
        NativeNode halt = Native((StatementAst)thrown.Copy());
        return thrown.IsRethrow ? new RethrowNode(halt) : halt;
    }
}
