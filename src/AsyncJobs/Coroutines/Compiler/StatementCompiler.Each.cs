namespace AsyncJobs.Coroutines.Compiler;

/// <content>Pipelines with a ForEach-Object whose blocks are a part of the coroutine.</content>
internal sealed partial class StatementCompiler
{
    // Between the statements of a block that has another one behind it: sends what has been written on.
    private Func<IScriptExtent, CoroutineNode>? _sending;

    /// <summary>What stands before goes to a variable first, and what stands behind gets all that is written.</summary>
    private SequenceNode CompileEach(PipelineAst pipeline, ForEachPipeline run, IScriptExtent position, bool isPart)
    {
        var lowering = new Lowering(this, position);
        CommandBaseAst[] behind = [.. pipeline.PipelineElements.Skip(run.First + run.Stages.Count)];
        string items = Unit.NewTemporary();

        // A breakpoint in a block is not to be taken for one in what runs before it.
        IScriptExtent start = Extents.Span(position, pipeline.PipelineElements[run.First - 1].Extent);
        CommandBaseAst[]? before = null;
        AwaitNode? coming = null;
        if (run.First == 1 && pipeline.PipelineElements[0] is CommandExpressionAst { Redirections.Count: 0 } head)
        {
            ExpressionAst left = lowering.Lower(head.Expression);
            lowering.Steps.Add(Store(items, new CommandExpressionAst(head.Extent, left, null), start));
        }
        else
        {
            before = LowerStages(CopyOf(pipeline.PipelineElements.Take(run.First)), lowering, spill: behind.Length > 0);
        }

        // The arguments of all stages are evaluated before any of them begins.
        string written = Unit.NewTemporary();
        PipelineAst? rest = behind.Length == 0 ? null
            : new PipelineAst(position, LowerStages(CopyOf(behind.Prepend(Held(written))), lowering, spill: true));
        if (before is not null)
        {
            var inner = new Lowering(this, start);
            CoroutineNode source = CompileStages(new PipelineAst(start, before.Select(Copy)), before, inner, start, isPart: true);
            if (SuspensionPoints.StreamsItems(pipeline.PipelineElements[run.First - 1], Meaning.Names) && inner.Steps[^1] is AwaitNode last)
            {
                lowering.Steps.AddRange(inner.Steps.SkipLast(1));
                coming = last;
            }
            else
            {
                lowering.Steps.Add(new StageNode(source, items));
            }
        }

        Segment step = TakingNext(position, start);
        var each = new ForEachPipelineNode(
            coming is null ? SourceText.OfVariable(items) : coming.Text,
            frame => coming is not null
                ? new AwaitedItems(coming)
                : new PipelineItems(Taken(frame.Variables[items]), before is not null && frame.Success is { Value: false }, step),
            CompileParts(run),
            new EnclosingPlace(Unit, position))
        {
            Limit = run.Limit is not null && EarlyStop.Of((CommandAst)rest!.PipelineElements[1]) is { } limit ? frame => CountOf(frame, limit) : null,
        };
        lowering.Steps.Add(rest is null ? each : new ForEachBeforeRestNode(each, written, CompileRest(rest, position, isPart)));
        return new SequenceNode([.. lowering.Steps]);

        CommandExpressionAst Held(string variable) => new(position, AstBuilder.Variable(position, variable), null);

        PipelineAst CopyOf(IEnumerable<CommandBaseAst> elements) => new(position, elements.Select(Copy));
    }

    // Null where it has never enough; 0 for what it refuses, as it says when it comes to run.
    private static int? CountOf(CoroutineFrame frame, EarlyStop limit)
    {
        return Value(limit.First) is not { } first || (limit.Skip is null ? 0 : Value(limit.Skip)) is not { } skip ? 0
            : first == 0 ? null : (int)Math.Min(int.MaxValue, (long)first + skip);

        int? Value(ExpressionAst argument)
        {
            object? value = argument is VariableExpressionAst variable ? frame.Variables[variable.VariablePath.UserPath].Value : argument.SafeGetValue();
            return LanguagePrimitives.TryConvertTo(value, out int count) && count >= 0 ? count : null;
        }
    }

    // What it goes over may go, object by object.
    private static object? Taken(PSVariable variable)
    {
        object? value = variable.Value;
        variable.Value = null;
        return value;
    }

    private static CommandBaseAst Copy(CommandBaseAst element) => (CommandBaseAst)element.Copy();

    private CoroutineNode CompileRest(PipelineAst rest, IScriptExtent position, bool isPart) => ForEachPipeline.In(rest, Meaning.Names) is { } next
        ? CompileEach(rest, next, position, isPart)
        : CompileStages(rest, [.. rest.PipelineElements.Select(Copy)], new Lowering(this, position), position, isPart);

    private ForEachStagePart[] CompileParts(ForEachPipeline run) =>
        [.. run.Stages.Select((stage, i) => CompilePart(stage, isLast: run.Limit is null && i == run.Stages.Count - 1, Leaving(stage.Command)))];

    private ForEachStagePart CompilePart(ForEachStage stage, bool isLast, Segment leaving) => InBlock(isLast, () =>
    {
        // What a filter writes is an answer.
        _sending = stage.IsFilter ? null : _sending;
        return new ForEachStagePart(
            stage.IsFilter,
            stage.Begin is null ? null : CompileNamed(stage.Begin.EndBlock),
            [.. stage.Process.Select(block => CompileNamed(block.EndBlock))],
            stage.End is null ? null : CompileNamed(stage.End.EndBlock),
            leaving);
    });

    // ForEach-Object { $action }, once.
    private Segment Leaving(CommandAst command)
    {
        IScriptExtent extent = command.Extent;
        var block = new ScriptBlockAst(extent, paramBlock: null, new StatementBlockAst(extent, [AstBuilder.Write(extent, AstBuilder.Variable(extent, EngineNames.Action))], null), isFilter: false);
        var once = new CommandAst(extent, [(CommandElementAst)command.CommandElements[0].Copy(), new ScriptBlockExpressionAst(extent, block)], TokenKind.Unknown, null);
        return new Segment(Unit, extent, [new PipelineAst(extent, [new CommandExpressionAst(extent, AstBuilder.Variable(extent, "true"), null), once])], isPart: true) { Lines = command.CommandElements[0].Extent, IsInCatch = false };
    }

    // A block of its own in stack traces, which looks variables up by name.
    private T InBlock<T>(bool isLast, Func<T> compile) => Within(() =>
    {
        (Unit.FrameName, Unit.IsInBlock) = (CompilationUnit.AnonymousFrame, true);
        _sending = isLast ? _sending : extent => new SendNode(new EnclosingPlace(Unit, extent));
        return compile();
    });

    /// <summary>Has PowerShell take the next object, as its pipelines do: with their errors.</summary>
    private Segment TakingNext(IScriptExtent position, IScriptExtent lines) => new(
        Unit,
        position,
        [OutAsyncCoroutineCommand.AppendTo(position, [new CommandExpressionAst(position, AstBuilder.Variable(position, EngineNames.Action), null)])],
        isPart: true)
    {
        Lines = lines,
    };
}
