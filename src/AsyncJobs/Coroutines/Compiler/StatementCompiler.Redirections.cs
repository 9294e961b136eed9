namespace AsyncJobs.Coroutines.Compiler;

/// <content>Redirections of what suspends in its middle, so that no single step has them.</content>
internal sealed partial class StatementCompiler
{
    /// <summary>Whether an expression is redirected that suspends and has other commands in it: what these write has been written before the rest of it is evaluated.</summary>
    private bool IsRedirected(CommandBaseAst first) => first is CommandExpressionAst head && Meaning.NeedsInterpreting(head.Expression)
        && head.Redirections.Any(static redirection => redirection is not FileRedirectionAst { FromStream: RedirectionStream.Output })
        && head.Expression.Find(node => node is CommandAst command && !SuspensionPoints.IsSuspension(command, Meaning.Names), searchNestedScriptBlocks: false) is not null;

    /// <summary>Such an expression, and what stands behind it.</summary>
    private SequenceNode CompileRedirected(PipelineAst pipeline, CommandExpressionAst head, IScriptExtent position, bool isPart)
    {
        var lowering = new Lowering(this, position);
        string written = Unit.NewTemporary();
        CommandBaseAst[] behind = [.. pipeline.PipelineElements.Skip(1)];

        // What is merged comes between what the statements in $( ) and @( ) write.
        CoroutineNode value = Redirect(head.Redirections, lowering, () => head.Expression switch
        {
            SubExpressionAst sub => CompileBlock(sub.SubExpression),
            ArrayExpressionAst array => CompileBlock(array.SubExpression),
            _ => CompilePart(AstBuilder.Write(head.Extent, (ExpressionAst)head.Expression.Copy()), position),
        });
        var capture = new CaptureNode(value, written, asArray: head.Expression is ArrayExpressionAst, keepsWritten: behind.Length == 0 && !isPart);
        lowering.Steps.AddRange(behind.Length == 0
            ? [Write(capture, written, head.Extent)]
            : [capture, CompileRest(new PipelineAst(position, [new CommandExpressionAst(head.Extent, AstBuilder.Variable(head.Extent, written), null), .. behind.Select(Copy)]), position, isPart)]);
        return new SequenceNode([.. lowering.Steps]);
    }

    /// <summary>Something with redirections around it.</summary>
    /// <param name="redirections">The redirections.</param>
    /// <param name="lowering">Gets what goes before.</param>
    /// <param name="compile">Makes what is redirected.</param>
    private CoroutineNode Redirect(IReadOnlyList<RedirectionAst> redirections, Lowering lowering, Func<CoroutineNode> compile)
    {
        if (redirections.Count == 0)
        {
            return compile();
        }

        IScriptExtent extent = redirections[0].Parent.Extent;
        var others = new List<RedirectionAst>();
        var intoVariables = new List<FileRedirectionAst>();
        FileRedirectionAst? output = null;
        foreach (RedirectionAst redirection in redirections)
        {
            if (redirection is not FileRedirectionAst file)
            {
                others.Add((RedirectionAst)redirection.Copy());
            }
            else if (file.FromStream is RedirectionStream.Output or RedirectionStream.All)
            {
                output = new FileRedirectionAst(file.Extent, RedirectionStream.Output, Kept(file.Location), file.Append);
                others.AddRange(file.FromStream == RedirectionStream.All ? [new MergingRedirectionAst(file.Extent, RedirectionStream.All, RedirectionStream.Output)] : []);
            }
            else if (VariableNames.IsIntoVariable(file))
            {
                intoVariables.Add(file);
            }
            else
            {
                others.Add(new FileRedirectionAst(file.Extent, file.FromStream, Kept(file.Location), file.Append));
            }
        }

        if (output is not null && IsNull(output.Location))
        {
            // What is merged into it is gone with it, though whoever listens to the session hears it as of its own stream.
            others = others.ConvertAll(other => other is MergingRedirectionAst merging ? new FileRedirectionAst(other.Extent, merging.FromStream, (ExpressionAst)output.Location.Copy(), append: false) : other);
        }

        CoroutineNode node = compile();
        if (others.Count > 0)
        {
            FileRedirectionAst[] files = [.. others.OfType<FileRedirectionAst>()];
            node = new RedirectedNode(node, files.Length == 0 ? null : Into(new ArrayExpressionAst(extent, new StatementBlockAst(extent, null, null)), files), new RedirectedSteps(Unit, others));
        }

        foreach (FileRedirectionAst file in intoVariables)
        {
            // A variable, unlike a file, is set when all that is written to it is there.
            string merged = Unit.NewTemporary();
            var target = new FileRedirectionAst(file.Extent, RedirectionStream.Output, (ExpressionAst)file.Location.Copy(), file.Append);
            node = new RedirectedNode(
                node, open: null, new RedirectedSteps(Unit, [new MergingRedirectionAst(file.Extent, file.FromStream, RedirectionStream.Output)]), merged, Into(AstBuilder.Variable(file.Extent, merged), [target]));
        }

        if (output is null)
        {
            return node;
        }

        if (IsNull(output.Location))
        {
            return new CaptureNode(node, variable: null, asArray: true);
        }

        string written = Unit.NewTemporary();
        return new SequenceNode([new StageNode(node, written), Into(AstBuilder.Variable(extent, written), [output])]);

        static bool IsNull(ExpressionAst location) => location is VariableExpressionAst { VariablePath.UserPath: "null" };

        ExpressionAst Kept(ExpressionAst location) => SyntaxFacts.IsConstant(location) || IsNull(location)
            ? (ExpressionAst)location.Copy()
            : lowering.Spill(lowering.Lower(location));
    }

    /// <summary>Writes a value into files.</summary>
    private NativeNode Into(ExpressionAst value, FileRedirectionAst[] files) => new(
        new Segment(Unit, value.Extent, [AstBuilder.Pipeline(value.Extent, new CommandExpressionAst(value.Extent, value, files.Select(static file => (RedirectionAst)file.Copy())))], isPart: true));
}
