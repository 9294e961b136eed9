using System.Management.Automation.Language;

namespace AsyncJobs;

/// <content>Pipelines, throw and functions.</content>
internal sealed partial class StatementCompiler
{
    private CoroutineNode CompilePipeline(PipelineAst pipeline, IScriptExtent position, bool isPart)
    {
        if (Modern.IsBackground(pipeline))
        {
            throw new CoroutineNotSupportedException(pipeline.Extent, "A suspension in a background job (&)", "Use Start-AsyncTask -OnThread or Start-Job.");
        }

        var lowering = new Lowering(this, position);
        if (SyntaxFacts.AsExpression(pipeline) is { } expression)
        {
            ExpressionAst left = lowering.Lower(expression);
            return new SequenceNode([.. lowering.Steps, Native(Factory.Write(position, left), isPart)]);
        }

        if (pipeline.PipelineElements is [CommandAst { } only] && Sites.BodyOf(only) is { } body)
        {
            return CompileBody(only, body, lowering);
        }

        if (Sites.EndlessIn(pipeline) is { } endless)
        {
            throw new CoroutineNotSupportedException(endless.Extent, "Receive-AsyncQueueItem -All with commands behind it", "Receive one item after the other in a loop.");
        }

        CommandBaseAst[] stages = LowerStages(pipeline, lowering);
        var pending = new List<CommandBaseAst>();
        for (int i = 0; i < stages.Length; i++)
        {
            var original = pipeline.PipelineElements[i] as CommandAst;
            if (original is null || !Sites.IsSuspension(original))
            {
                pending.Add(stages[i]);
                continue;
            }

            if (pipeline.PipelineElements.Take(i).Any(static stage => stage is CommandAst before && VariableNames.NamesPipelineVariable(before)))
            {
                throw new CoroutineNotSupportedException(original.Extent, "-PipelineVariable before a command that suspends", "Put what comes before it into a variable, and loop over that.");
            }

            if (Sites.BodyOf(original) is not null || original.Redirections.Count > 0 || VariableNames.NamesVariable(original))
            {
                throw new CoroutineNotSupportedException(original.Extent, "This command in a longer pipeline, with a redirection or with -OutVariable and its like", "Put it on a line of its own, and its output into a variable.");
            }

            pending.Add(Suspending((CommandAst)stages[i], Sites.Of(original)!));
            CoroutineNode wait = pending is not [CommandAst alone] ? Await(position, pending, original)
                : DirectAwaitNode.Suits(original) ? DirectAwait(position, alone, original)
                : DirectCall.Of(original) is { } direct ? new DirectCallNode(direct, Await(position, pending, original))
                : Await(position, pending, original);
            pending = [];
            if (i == stages.Length - 1)
            {
                lowering.Steps.Add(wait);
            }
            else
            {
                string written = Unit.NewTemporary();
                lowering.Steps.Add(new StageNode(wait, written));
                pending.Add(new CommandExpressionAst(original.Extent, Factory.Variable(original.Extent, written), null));
            }
        }

        if (pending.Count > 0)
        {
            lowering.Steps.Add(Native(Factory.IntoSink(position, pending), isPart));
        }

        return lowering.Steps.Count == 1 ? lowering.Steps[0] : new SequenceNode([.. lowering.Steps]);
    }

    private SequenceNode CompilePartWritten(ExpressionAst expression, IScriptExtent position, bool isPart)
    {
        string variable = Unit.NewTemporary();
        CoroutineNode inner = expression switch
        {
            SubExpressionAst sub => CompileBlock(sub.SubExpression),
            ParenExpressionAst { Pipeline: PipelineAst nested } when SyntaxFacts.AsPartWritten(nested) is { } written => CompilePartWritten(written, position, isPart),
            ParenExpressionAst paren => CompilePart(paren.Pipeline, position),
            _ => throw new ArgumentOutOfRangeException(nameof(expression)),
        };
        return new SequenceNode(
        [
            new CaptureNode(inner, variable, asArray: false, keepsWritten: !isPart),
            Native(Factory.Write(position, Factory.Variable(expression.Extent, variable))),
        ]);
    }

    private static CommandAst Suspending(CommandAst command, SuspendingCommand known) => new(
        command.Extent,
        [
            new ConstantExpressionAst(command.CommandElements[0].Extent, known.Info),
            .. command.CommandElements.Skip(1).Select(static element => (CommandElementAst)element.Copy()),
        ],
        TokenKind.Ampersand,
        null);

    private AwaitNode Await(IScriptExtent position, IEnumerable<CommandBaseAst> stages, CommandAst original) => new(
        new Segment(Unit, position, [new PipelineAst(position, stages)], SegmentKind.Part),
        new Resumption(Unit, position, original));

    private DirectAwaitNode DirectAwait(IScriptExtent position, CommandAst command, CommandAst original)
    {
        CommandElementAst argument = command.CommandElements[1];
        if (DirectAwaitNode.NameOf(argument) is { } known)
        {
            return new DirectAwaitNode(null, known, Await(position, [command], original));
        }

        string variable = Unit.NewTemporary();
        CoroutineNode evaluation = Store(variable, new CommandExpressionAst(argument.Extent, (ExpressionAst)argument.Copy(), null), position);
        var usual = new CommandAst(
            command.Extent, [(CommandElementAst)command.CommandElements[0].Copy(), Factory.Variable(argument.Extent, variable)], command.InvocationOperator, null);
        return new DirectAwaitNode(evaluation, variable, Await(position, [usual], original), DirectSleep.Of(Unit, argument));
    }

    private SequenceNode CompileBody(CommandAst command, ScriptBlockExpressionAst body, Lowering lowering)
    {
        ScriptBlockAst block = body.ScriptBlock;
        if (block.ParamBlock is not null || block.BeginBlock is not null || block.ProcessBlock is not null || block.DynamicParamBlock is not null)
        {
            throw new CoroutineNotSupportedException(body.Extent, "A body with param, begin, process or dynamicparam", "Write its statements plainly.");
        }

        if (command.Redirections.Count > 0)
        {
            throw new CoroutineNotSupportedException(command.Extent, "A redirection of this command", "Redirect inside its block.");
        }

        BlockRefusals.Check(block);

        CommandElementAst[] arguments = LowerElements([.. command.CommandElements.Select(element => WithoutBody(element, body))], lowering);
        IScriptExtent extent = command.Extent;
        CommandAst enter = Suspending(new CommandAst(extent, arguments, TokenKind.Unknown, null), Sites.Of(command)!);
        return new SequenceNode(
        [
            .. lowering.Steps,
            new BodyNode(
                lowering.Steps.Count == 0 ? DirectCall.Of(command, body) : null,
                new Segment(Unit, extent, [Factory.Pipeline(extent, enter)], SegmentKind.Part),
                CompileAll(block.EndBlock.Statements, block.EndBlock.Traps),
                new Resumption(Unit, extent, command)),
        ]);
    }

    /// <summary>The cmdlet gets an empty block in the place of its body, which the coroutine runs.</summary>
    private static CommandElementAst WithoutBody(CommandElementAst element, ScriptBlockExpressionAst body)
    {
        if (element is CommandParameterAst { Argument: { } argument } parameter && argument == body)
        {
            return new CommandParameterAst(parameter.Extent, parameter.ParameterName, Empty(), parameter.ErrorPosition);
        }

        return element == body ? Empty() : (CommandElementAst)element.Copy();

        ScriptBlockExpressionAst Empty() =>
            new(body.Extent, new ScriptBlockAst(body.Extent, paramBlock: null, new StatementBlockAst(body.Extent, null, null), isFilter: false));
    }

    // A pipeline's arguments are evaluated, from left to right, before any stage of it begins.
    private static CommandBaseAst[] LowerStages(PipelineAst pipeline, Lowering lowering)
    {
        CommandElementAst[] all = LowerElements(
            pipeline.PipelineElements.SelectMany(static stage => stage is CommandAst command ? (IEnumerable<CommandElementAst>)command.CommandElements : [((CommandExpressionAst)stage).Expression]).ToArray(),
            lowering);
        var stages = new List<CommandBaseAst>();
        int next = 0;
        foreach (CommandBaseAst stage in pipeline.PipelineElements)
        {
            RedirectionAst[] redirections = stage.Redirections.Select(static redirection => (RedirectionAst)redirection.Copy()).ToArray();
            if (stage.Redirections.Any(SyntaxFacts.NeedsInterpreting))
            {
                throw new CoroutineNotSupportedException(stage.Extent, "A suspension in a redirection", "Await into a variable first, and use the variable here.");
            }

            if (stage is CommandAst command)
            {
                int count = command.CommandElements.Count;
                stages.Add(new CommandAst(stage.Extent, all.Skip(next).Take(count), command.InvocationOperator, redirections));
                next += count;
            }
            else
            {
                stages.Add(new CommandExpressionAst(stage.Extent, (ExpressionAst)all[next++], redirections));
            }
        }

        return [.. stages];
    }

    private static CommandElementAst[] LowerElements(CommandElementAst[] elements, Lowering lowering)
    {
        int last = Array.FindLastIndex(elements, SyntaxFacts.NeedsInterpreting);
        return elements.Select((element, i) => element switch
        {
            CommandParameterAst { Argument: { } argument } parameter when i <= last =>
                new CommandParameterAst(parameter.Extent, parameter.ParameterName, LowerOne(argument, i), parameter.ErrorPosition),
            ExpressionAst expression when i <= last => LowerOne(expression, i),
            _ => (CommandElementAst)element.Copy(),
        }).ToArray();

        ExpressionAst LowerOne(ExpressionAst node, int i) =>
            i < last && !SyntaxFacts.IsConstant(node) ? lowering.Spill(lowering.Lower(node)) : lowering.Lower(node);
    }

    private SequenceNode CompileThrow(ThrowStatementAst node)
    {
        var lowering = new Lowering(this, node.Extent);
        ExpressionAst value = SyntaxFacts.AsExpression(node.Pipeline) is { } expression
            ? lowering.Lower(expression)
            : lowering.Capture(CompilePart(node.Pipeline, node.Pipeline.Extent), node.Pipeline.Extent, asArray: false);
        return new SequenceNode([.. lowering.Steps, Native(new ThrowStatementAst(node.Extent, Factory.Write(node.Pipeline.Extent, value)))]);
    }

    private FunctionNode CompileFunction(FunctionDefinitionAst node)
    {
        string variable = Unit.NewTemporary();
        IScriptExtent extent = node.Extent;
        var define = new Segment(Unit, extent, [(StatementAst)node.Copy(), Factory.Assign(extent, variable, Factory.Write(extent, Factory.Variable(extent, "function:" + node.Name)))]);
        return new FunctionNode(node.Name, define, variable);
    }
}
