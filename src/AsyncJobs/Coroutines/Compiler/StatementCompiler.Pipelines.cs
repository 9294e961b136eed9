namespace AsyncJobs.Coroutines.Compiler;

/// <content>Pipelines, throw and functions.</content>
internal sealed partial class StatementCompiler
{
    private CoroutineNode CompilePipeline(PipelineAst pipeline, IScriptExtent position, bool isPart)
    {
        if (PowerShell7.IsBackground(pipeline))
        {
            throw new CoroutineNotSupportedException(pipeline.Extent, "A suspension in a background job (&)", "Use Start-AsyncTask -OnThread or Start-Job.");
        }

        if (IsRedirected(pipeline.PipelineElements[0]))
        {
            return CompileRedirected(pipeline, (CommandExpressionAst)pipeline.PipelineElements[0], position, isPart);
        }

        var lowering = new Lowering(this, position);
        if (SyntaxFacts.AsExpression(pipeline) is { } expression)
        {
            ExpressionAst left = lowering.Lower(expression);
            return new SequenceNode([.. lowering.Steps, Part(AstBuilder.Write(position, left), position), .. isPart ? [] : Success(pipeline)]);
        }

        if (pipeline.PipelineElements[0] is CommandAst first && SuspensionPoints.BodyOf(first, Meaning.Names) is { } body)
        {
            return CompileBody(pipeline, first, body, lowering, position, isPart);
        }

        if (pipeline.PipelineElements[0] is CommandAst call && SuspensionPoints.IsCall(call, Meaning.Names))
        {
            return CompileCall(pipeline, call, lowering, position, isPart);
        }

        if (SuspensionPoints.EndlessIn(pipeline, Meaning.Names) is { } endless)
        {
            throw new CoroutineNotSupportedException(endless.Extent, "Receive-AsyncQueueItem -All with commands behind it", "Receive one item after the other in a loop.");
        }

        if (ForEachPipeline.In(pipeline, Meaning.Names) is { } run)
        {
            try
            {
                return Within(() => CompileEach(pipeline, run, position, isPart));
            }
            catch (CoroutineNotSupportedException) when (!pipeline.PipelineElements.Any(element => SuspensionPoints.IsUnbounded(element, Meaning.Names)))
            {
                // Its blocks run in PowerShell, and what awaits in them turns the loop.
            }
        }

        return CompileStages(pipeline, LowerStages(pipeline, lowering), lowering, position, isPart);
    }

    /// <summary>A pipeline whose stages' arguments are lowered: it is cut behind each command that suspends.</summary>
    private CoroutineNode CompileStages(PipelineAst pipeline, CommandBaseAst[] stages, Lowering lowering, IScriptExtent position, bool isPart)
    {
        var pending = new List<CommandBaseAst>();
        var named = new List<PipelineVariableNode>();
        bool isUnknown = false;
        for (int i = 0; i < stages.Length; i++)
        {
            var original = pipeline.PipelineElements[i] as CommandAst;
            if (original is null || !SuspensionPoints.IsSuspension(original, Meaning.Names))
            {
                pending.Add(stages[i]);
                continue;
            }

            CheckStage(original, isFirst: i == 0);
            PipelineVariableNode[] before = KeepPipelineVariables(pending, original, isUnknown);
            named.AddRange(before);
            lowering.Steps.AddRange(before.Select(static variable => variable.Begin));
            (CommandAst command, CommandElementAst[] naming) = WithoutPipelineVariable((CommandAst)stages[i]);
            isUnknown = naming.Length > 0 && ((naming[0] as CommandParameterAst)?.Argument ?? naming[^1]) is not StringConstantExpressionAst;
            RedirectionAst[] around = command.Redirections.Any(static redirection => redirection is FileRedirectionAst { FromStream: not RedirectionStream.Output } file && VariableNames.IsIntoVariable(file)) ? [.. command.Redirections] : [];
            if (around.Length > 0)
            {
                command = new CommandAst(command.Extent, command.CommandElements.Select(static element => (CommandElementAst)element.Copy()), command.InvocationOperator, null);
            }

            (command, FileRedirectionAst? target) = WithoutVariableRedirection(command);
            pending.Add(AsRequest(command));
            CoroutineNode wait = Await(position, pending, original, command.Redirections);
            wait = around.Length == 0 ? wait : Redirect(around, lowering, () => wait);
            pending = [];
            if (i == stages.Length - 1 && target is null)
            {
                lowering.Steps.AddRange([wait, .. before]);
            }
            else
            {
                string written = Unit.NewTemporary();
                lowering.Steps.AddRange([new StageNode(wait, written), .. before]);
                pending.Add(new CommandExpressionAst(original.Extent, AstBuilder.Variable(original.Extent, written), target is null ? null : [target]));
                if (naming.Length > 0)
                {
                    pending.Add(AstBuilder.Call(original.Extent, WriteAsyncCoroutineCommand.Info, naming));
                }
            }
        }

        if (pending.Count > 0)
        {
            lowering.Steps.Add(Native(OutAsyncCoroutineCommand.AppendTo(position, pending), isPart));
        }

        lowering.Steps.AddRange(named.Select(static variable => variable.End));

        return lowering.Steps.Count == 1 ? lowering.Steps[0] : new SequenceNode([.. lowering.Steps]);
    }

    private void CheckStage(CommandAst command, bool isFirst)
    {
        if (SuspensionPoints.BodyOf(command, Meaning.Names) is not null)
        {
            throw new CoroutineNotSupportedException(command.Extent, "This command behind others in a pipeline", "Put it on a line of its own.");
        }

        FileRedirectionAst[] targets = [.. command.Redirections.OfType<FileRedirectionAst>().Where(VariableNames.IsIntoVariable)];
        if (targets.FirstOrDefault(static target => target.FromStream != RedirectionStream.Output) is { } other)
        {
            if (!isFirst)
            {
                throw new CoroutineNotSupportedException(
                    other.Extent, "A redirection of other streams than the output into a variable, of a command that suspends behind others,", "Use -ErrorVariable and its like.");
            }
        }
        else if (targets.Length > 0 && command.Redirections.Count > 1)
        {
            throw new CoroutineNotSupportedException(
                targets[0].Extent, "A redirection of other streams beside that into a variable, of a command that suspends,", "Use -ErrorVariable and its like.");
        }
    }

    private SuccessNode[] Success(PipelineAst statement) => Unit.UsesSuccess && SyntaxFacts.IsSuccess(statement) ? [new()] : [];

    private WriteNode CompilePartWritten(ExpressionAst expression, IScriptExtent position, bool isPart)
    {
        string variable = Unit.NewTemporary();
        CoroutineNode inner = expression switch
        {
            SubExpressionAst sub => CompileBlock(sub.SubExpression),
            ParenExpressionAst { Pipeline: PipelineAst nested } when SyntaxFacts.TryGetStreamedExpression(nested) is { } written => CompilePartWritten(written, position, isPart),
            ParenExpressionAst paren => CompilePart(paren.Pipeline, position),
            _ => throw new ArgumentOutOfRangeException(nameof(expression)),
        };
        return Write(new CaptureNode(inner, variable, asArray: false, keepsWritten: !isPart), variable, expression.Extent);
    }

    private static CommandAst AsRequest(CommandAst command) => new(
        new SuspendRequestMarker(command.Extent),
        command.CommandElements.Select(static element => (CommandElementAst)element.Copy()),
        command.InvocationOperator,
        command.Redirections.Select(static redirection => (RedirectionAst)redirection.Copy()));

    private AwaitNode Await(IScriptExtent position, List<CommandBaseAst> stages, CommandAst original, IEnumerable<RedirectionAst> redirections) => new(
        new Segment(Unit, position, [new PipelineAst(position, stages)], isPart: true),
        new Resumption(Unit, position, original, SuspensionPoints.Of(original, Meaning.Names)!, redirections.Select(RedirectedSteps.Continued)))
    {
        Command = stages.Count == 1 ? original : null,
    };

    /// <summary>A command that suspends does not write itself into the pipeline: -PipelineVariable goes to what does.</summary>
    private static (CommandAst Command, CommandElementAst[] Named) WithoutPipelineVariable(CommandAst command)
    {
        int at = command.CommandElements.ToList().FindIndex(VariableNames.IsPipelineVariable);
        if (at < 0)
        {
            return (command, []);
        }

        int count = command.CommandElements[at] is CommandParameterAst { Argument: null } ? 2 : 1;
        CommandElementAst[] elements = [.. command.CommandElements.Select(static element => (CommandElementAst)element.Copy())];
        var rest = new CommandAst(
            command.Extent, [.. elements[..at], .. elements.Skip(at + count)], command.InvocationOperator, command.Redirections.Select(static redirection => (RedirectionAst)redirection.Copy()));
        return (rest, [.. elements.Skip(at).Take(count)]);
    }

    /// <summary>A variable, unlike a file, is set when all that is written to it is there.</summary>
    private static (CommandAst Command, FileRedirectionAst? Target) WithoutVariableRedirection(CommandAst command)
    {
        if (command.Redirections.OfType<FileRedirectionAst>().FirstOrDefault(VariableNames.IsIntoVariable) is not { } target)
        {
            return (command, null);
        }

        var rest = new CommandAst(command.Extent, command.CommandElements.Select(static element => (CommandElementAst)element.Copy()), command.InvocationOperator, null);
        return (rest, (FileRedirectionAst)target.Copy());
    }

    /// <summary>A command whose block is a part of the coroutine, with or without commands behind it that get what it writes.</summary>
    private CoroutineNode CompileBody(PipelineAst pipeline, CommandAst command, ScriptBlockExpressionAst body, Lowering lowering, IScriptExtent position, bool isPart)
    {
        if (pipeline.PipelineElements.Count == 1)
        {
            BodyNode node = CompileBody(command, body, lowering, spill: false);
            lowering.Steps.Add(Redirect(command.Redirections, lowering, () => node));
            return new SequenceNode([.. lowering.Steps]);
        }

        // The arguments of all stages are evaluated before the body runs.
        IScriptExtent extent = command.Extent;
        BodyNode enter = CompileBody(command, body, lowering, spill: true);
        CoroutineNode redirected = Redirect(command.Redirections, lowering, () => enter);
        string written = Unit.NewTemporary();
        var rest = new PipelineAst(
            pipeline.Extent, [new CommandExpressionAst(extent, AstBuilder.Variable(extent, written), null), .. pipeline.PipelineElements.Skip(1).Select(Copy)]);
        CommandBaseAst[] stages = LowerStages(rest, lowering, spill: true);
        lowering.Steps.Add(new StageNode(redirected, written));
        return CompileStages(rest, stages, lowering, position, isPart);
    }

    private BodyNode CompileBody(CommandAst command, ScriptBlockExpressionAst body, Lowering lowering, bool spill)
    {
        ScriptBlockAst block = body.ScriptBlock;
        UnsupportedBlocks.CheckBody(body);
        CommandElementAst[] elements = [.. command.CommandElements.Select(element => WithoutBody(element, body))];
        CommandElementAst[] arguments = LowerElements(elements, lowering, spill ? elements.Length : 0);
        IScriptExtent extent = command.Extent;
        CommandAst enter = AsRequest(new CommandAst(extent, arguments, TokenKind.Unknown, null));
        return new BodyNode(
            new Segment(Unit, extent, [AstBuilder.Pipeline(extent, enter)], isPart: true),
            WithOwnAutomatics(block, CompileStatements(block.EndBlock)),
            new Resumption(Unit, extent, command, SuspensionPoints.Of(command, Meaning.Names)!, []))
        {
            Command = spill || lowering.Steps.Count > 0 ? null : command,
        };
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

    // A pipeline's arguments are evaluated, from left to right, before any stage of it begins; and then its redirections.
    private CommandBaseAst[] LowerStages(PipelineAst pipeline, Lowering lowering, bool spill = false)
    {
        CommandElementAst[] elements = [.. pipeline.PipelineElements.SelectMany(static stage =>
            stage is CommandAst command ? (IEnumerable<CommandElementAst>)command.CommandElements : [((CommandExpressionAst)stage).Expression])];
        FileRedirectionAst[] files = [.. pipeline.PipelineElements.SelectMany(static stage => stage.Redirections).OfType<FileRedirectionAst>()];

        // A command that suspends opens its file twice: once to bind, once to write.
        int twice = spill ? files.Length - 1 : Array.FindLastIndex(files, file => file.Parent is CommandAst command && SuspensionPoints.IsSuspension(command, Meaning.Names) && !IsReadTwiceAlike(file.Location));
        CommandElementAst[] all = LowerElements([.. elements, .. files.Select(static file => file.Location)], lowering, spillBefore: twice >= 0 || spill ? elements.Length + twice + 1 : 0);
        var stages = new List<CommandBaseAst>();
        int next = 0;
        int nextFile = elements.Length;
        foreach (CommandBaseAst stage in pipeline.PipelineElements)
        {
            RedirectionAst[] redirections = [.. stage.Redirections.Select(redirection => redirection is FileRedirectionAst file
                ? new FileRedirectionAst(file.Extent, file.FromStream, (ExpressionAst)all[nextFile++], file.Append)
                : (RedirectionAst)redirection.Copy())];
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

    private static bool IsReadTwiceAlike(ExpressionAst location) => SyntaxFacts.IsConstant(location) || location is VariableExpressionAst;

    /// <param name="elements">Commands' elements.</param>
    /// <param name="lowering">Gets what goes before.</param>
    /// <param name="spillBefore">Those before this are evaluated now, whether a suspension comes behind them or not.</param>
    private CommandElementAst[] LowerElements(CommandElementAst[] elements, Lowering lowering, int spillBefore = 0)
    {
        int last = Math.Max(spillBefore, Array.FindLastIndex(elements, Meaning.NeedsInterpreting));
        return elements.Select((element, i) => element switch
        {
            CommandParameterAst { Argument: { } argument } parameter when i <= last =>
                new CommandParameterAst(parameter.Extent, parameter.ParameterName, LowerOne(argument, i), parameter.ErrorPosition),
            ExpressionAst expression when i <= last => LowerOne(expression, i),
            _ => (CommandElementAst)element.Copy(),
        }).ToArray();

        ExpressionAst LowerOne(ExpressionAst node, int i)
        {
            if (i < last && node is VariableExpressionAst { Splatted: true } splatted)
            {
                // What is splatted is what the variable holds at its turn.
                VariableExpressionAst held = lowering.Spill(new VariableExpressionAst(node.Extent, splatted.VariablePath, splatted: false));
                return new VariableExpressionAst(node.Extent, held.VariablePath, splatted: true);
            }

            return i < last && !SyntaxFacts.IsConstant(node) ? lowering.Spill(lowering.Lower(node)) : lowering.Lower(node);
        }
    }

    private SequenceNode CompileThrow(ThrowStatementAst node)
    {
        var lowering = new Lowering(this, node.Extent);
        ExpressionAst value = SyntaxFacts.AsExpression(AsWritten(node.Pipeline)) is { } expression
            ? lowering.Lower(expression)
            : lowering.Capture(CompilePart(node.Pipeline, node.Pipeline.Extent), node.Pipeline.Extent, asArray: false);
        return new SequenceNode([.. lowering.Steps, Native(new ThrowStatementAst(node.Extent, AstBuilder.Write(node.Pipeline.Extent, value)))]);
    }

    private FunctionNode CompileFunction(FunctionDefinitionAst node)
    {
        string variable = Unit.NewTemporary();
        IScriptExtent extent = node.Extent;
        var define = new Segment(Unit, extent, [(StatementAst)node.Copy(), AstBuilder.Assign(extent, variable, AstBuilder.Write(extent, AstBuilder.Variable(extent, "function:" + node.Name)))], isPart: true);
        return new FunctionNode(node.Name, define, variable);
    }
}
