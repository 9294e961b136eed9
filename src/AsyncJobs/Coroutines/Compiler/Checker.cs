using System.Diagnostics;

namespace AsyncJobs.Coroutines.Compiler;

/// <summary>
/// The first pass: finds what no coroutine can hold, before anything is compiled. It goes where the lowering will go, which
/// therefore refuses nothing.
/// </summary>
/// <param name="unit">The block's.</param>
internal sealed class Checker(CompilationUnit unit)
{
    private bool _isTrapped;

    /// <summary>The first thing that was found; null where the block can be compiled.</summary>
    public CoroutineNotSupportedException? Refusal { get; private set; }

    /// <summary>What the lowering met that this has not looked at.</summary>
    public static CoroutineNotSupportedException Unchecked(Ast node)
    {
        Debug.Fail($"{node.GetType().Name} was not checked: {node}");
        return Suspended(node);
    }

    /// <summary>Looks at all of a block.</summary>
    /// <param name="source">The block, as it was written.</param>
    /// <param name="block">What is compiled of it.</param>
    public void Check(ScriptBlock source, ScriptBlockAst block)
    {
        Refusal ??= UnsupportedBlocks.In(block) ?? BlockTypes.UnsupportedIn(source.Ast, block);
        foreach (NamedBlockAst named in new[] { block.BeginBlock, block.ProcessBlock, block.EndBlock }.OfType<NamedBlockAst>())
        {
            CheckNamed(named);
        }

        CheckAnywhere([.. PowerShell7.CleanBlockOf(block)?.Statements ?? Enumerable.Empty<StatementAst>()], isTrapped: true);
    }

    private static CoroutineNotSupportedException Suspended(Ast node) =>
        new(node.Extent, $"A suspension inside this {node.GetType().Name}", "Await into a variable first, and use the variable here.");

    private void Refuse(Ast node, string what, string instead) => Refusal ??= new CoroutineNotSupportedException(node.Extent, what, instead);

    private void CheckNamed(NamedBlockAst block)
    {
        CheckAnywhere([.. block.Statements], block.Traps is { Count: > 0 });
        CheckList(block.Statements, block.Traps);
    }

    /// <summary>Looks in a list for what is refused wherever it stands, suspending or not.</summary>
    private void CheckAnywhere(StatementAst[] statements, bool isTrapped)
    {
        for (int i = 0; i < statements.Length; i++)
        {
            CheckAnywhere(statements[i]);
            if (SteppablePipelines.CallIn(statements[i]) is not { } call)
            {
                continue;
            }

            if (isTrapped || SteppablePipelines.StepAt(statements, i) is not (> 0 and var count))
            {
                Refuse(call, "A steppable pipeline, which needs the scope it was made in,", "Use it in a function that the block calls.");
                return;
            }

            i += count - 1;
        }
    }

    private void CheckAnywhere(StatementAst statement)
    {
        switch (statement.Find(
            static node => node is ConfigurationDefinitionAst || (node is CommandAst command && VariableNames.ScopeNumberOf(command) > 1),
            searchNestedScriptBlocks: false))
        {
            case CommandAst command:
                // Of scopes around it, a coroutine has that of what it has captured.
                Refuse(command, "-Scope with the number of a scope further out than what surrounds the block", "Name the variable, which the block then sees as it was at its start.");
                break;
            case { } found:
                Refuse(found, $"A {found.GetType().Name}", "Define it outside the block.");
                break;
        }
    }

    private void CheckBlock(StatementBlockAst? block)
    {
        if (block is not null)
        {
            CheckList(block.Statements, block.Traps);
        }
    }

    private void CheckList(IReadOnlyList<StatementAst> statements, IReadOnlyList<TrapStatementAst>? traps)
    {
        (bool isTrapped, bool isInTrap) = (_isTrapped, unit.IsInTrap);
        (_isTrapped, unit.IsInTrap) = (false, isInTrap || traps is { Count: > 0 });
        foreach (TrapStatementAst trap in traps ?? [])
        {
            CheckAnywhere([.. trap.Body.Statements], trap.Body.Traps is { Count: > 0 });
            CheckBlock(trap.Body);
        }

        (_isTrapped, unit.IsInTrap) = (traps is { Count: > 0 }, isInTrap);
        StatementAst[] own = [.. statements.Where(static statement => statement is not TypeDefinitionAst)];
        for (int i = 0; i < own.Length; i++)
        {
            if (!_isTrapped && SteppablePipelines.StepAt(own, i) is > 0 and var count)
            {
                i += count - 1;
                continue;
            }

            Check(own[i]);
        }

        _isTrapped = isTrapped;
    }

    private void Check(StatementAst? statement)
    {
        if (statement is null || StatementCompiler.IsNative(unit, statement, _isTrapped))
        {
            return;
        }

        switch (statement)
        {
            case PipelineAst pipeline when SyntaxFacts.TryGetStreamedExpression(pipeline) is { } expression:
                CheckStreamed(expression);
                break;
            case PipelineAst pipeline:
                CheckPipeline(pipeline);
                break;
            case CommandExpressionAst expression:
                CheckStages([expression]);
                break;
            case AssignmentStatementAst assignment:
                CheckAssignment(assignment, isValue: false);
                break;
            case IfStatementAst conditional:
                foreach ((PipelineBaseAst test, StatementBlockAst then) in conditional.Clauses)
                {
                    CheckValue(test);
                    CheckBlock(then);
                }

                CheckBlock(conditional.ElseClause);
                break;
            case ForEachStatementAst loop:
                if (!loop.Variable.VariablePath.IsUnscopedVariable || loop.ThrottleLimit is not null || loop.Flags != ForEachFlags.None)
                {
                    Refuse(loop.Variable, "A foreach over a scoped variable or with flags", "Use a plain variable.");
                }

                CheckValue(loop.Condition);
                CheckBlock(loop.Body);
                break;
            case LoopStatementAst loop:
                Check((loop as ForStatementAst)?.Initializer);
                CheckValue(loop.Condition);
                CheckBlock(loop.Body);
                Check((loop as ForStatementAst)?.Iterator);
                break;
            case SwitchStatementAst choice:
                CheckSwitch(choice);
                break;
            case TryStatementAst attempt:
                CheckTry(attempt);
                break;
            case ReturnStatementAst { Pipeline: AssignmentStatementAst written }:
                CheckAssignment(written, isValue: true);
                break;
            case ReturnStatementAst { Pipeline: var value }:
                Check(value);
                break;
            case ExitStatementAst { Pipeline: var value }:
                Check(value);
                break;
            case BreakStatementAst { Label: var label }:
                CheckExpression(label);
                break;
            case ContinueStatementAst { Label: var label }:
                CheckExpression(label);
                break;
            case ThrowStatementAst { Pipeline: AssignmentStatementAst thrown }:
                CheckAssignment(thrown, isValue: true);
                break;
            case ThrowStatementAst { Pipeline: var value }:
                CheckValue(value);
                break;
            case FunctionDefinitionAst:
                break;
            default:
                if (PowerShell7.IsChain(statement))
                {
                    StatementAst? rest = statement;
                    while (rest is not null && PowerShell7.TryChain(rest, out StatementAst? left, out PipelineAst? right, out _))
                    {
                        Check(right);
                        rest = left;
                    }

                    Check(rest);
                }
                else
                {
                    Refuse(statement, $"A {statement.GetType().Name} that suspends or jumps", "Put the await on a line of its own.");
                }

                break;
        }
    }

    private void CheckSwitch(SwitchStatementAst choice)
    {
        if (choice.Flags.HasFlag(SwitchFlags.Parallel))
        {
            Refuse(choice, "switch -Parallel", "Start a task for each item.");
        }

        CheckValue(choice.Condition);
        foreach ((ExpressionAst test, StatementBlockAst then) in choice.Clauses)
        {
            CheckExpression(test);
            CheckBlock(then);
        }

        CheckBlock(choice.Default);
    }

    private void CheckTry(TryStatementAst attempt)
    {
        CheckBlock(attempt.Body);
        foreach (CatchClauseAst clause in attempt.CatchClauses)
        {
            CheckBlock(clause.Body);
        }

        CheckBlock(attempt.Finally);
    }

    /// <summary>Looks at a statement whose value is taken.</summary>
    private void CheckValue(StatementAst? statement)
    {
        switch (statement)
        {
            case null:
                break;
            case AssignmentStatementAst assignment when SyntaxFacts.NeedsInterpreting(assignment):
                CheckAssignment(assignment, isValue: true);
                break;
            case not null when SyntaxFacts.AsExpression(statement) is { } expression:
                CheckExpression(expression);
                break;
            default:
                Check(statement);
                break;
        }
    }

    private void CheckStreamed(ExpressionAst expression)
    {
        switch (expression)
        {
            case SubExpressionAst sub:
                CheckBlock(sub.SubExpression);
                break;
            case ParenExpressionAst paren:
                Check(paren.Pipeline);
                break;
        }
    }

    private void CheckAssignment(AssignmentStatementAst node, bool isValue)
    {
        bool isPlain = node.Left is VariableExpressionAst || (node.Left is AttributedExpressionAst attributed && StatementCompiler.Unwrap(attributed) is VariableExpressionAst);
        if (!isPlain && (isValue || node.Operator != TokenKind.Equals || SyntaxFacts.NeedsInterpreting(node.Left)))
        {
            CheckPlace(node.Left);
        }

        CheckValue(node.Right);
    }

    private void CheckPlace(ExpressionAst place)
    {
        switch (place)
        {
            case VariableExpressionAst:
                break;
            case ConvertExpressionAst convert:
                CheckPlace(convert.Child);
                break;
            case ArrayLiteralAst several:
                several.Elements.ToList().ForEach(CheckPlace);
                break;
            case IndexExpressionAst index:
                CheckExpression(index.Target);
                CheckExpression(index.Index);
                break;
            case MemberExpressionAst member when place is not InvokeMemberExpressionAst:
                CheckExpression(member.Expression);
                CheckExpression(member.Member as ExpressionAst);
                break;
            default:
                Refuse(place, $"A suspension in an assignment to this {place.GetType().Name}", "Await into a variable first.");
                break;
        }
    }

    private void CheckExpression(ExpressionAst? node)
    {
        if (!SyntaxFacts.NeedsInterpreting(node))
        {
            return;
        }

        switch (node)
        {
            case ParenExpressionAst { Pipeline: var inner } when inner is AssignmentStatementAst or PipelineAst || PowerShell7.IsChain(inner):
                CheckValue(inner);
                break;
            case SubExpressionAst sub:
                CheckBlock(sub.SubExpression);
                break;
            case ArrayExpressionAst array:
                CheckBlock(array.SubExpression);
                break;
            case BinaryExpressionAst binary:
                CheckExpression(binary.Left);
                CheckExpression(binary.Right);
                break;
            case UnaryExpressionAst unary:
                CheckExpression(unary.Child);
                break;
            case ConvertExpressionAst convert:
                CheckExpression(convert.Child);
                break;
            case ArrayLiteralAst literal:
                literal.Elements.ToList().ForEach(CheckExpression);
                break;
            case IndexExpressionAst index:
                CheckExpression(index.Target);
                CheckExpression(index.Index);
                break;
            case MemberExpressionAst member when node.GetType() == typeof(InvokeMemberExpressionAst) || node.GetType() == typeof(MemberExpressionAst):
                CheckExpression(member.Expression);
                CheckExpression(member.Member as ExpressionAst);
                ((member as InvokeMemberExpressionAst)?.Arguments ?? Enumerable.Empty<ExpressionAst>()).ToList().ForEach(CheckExpression);
                break;
            case HashtableAst table:
                foreach ((ExpressionAst key, StatementAst value) in table.KeyValuePairs)
                {
                    CheckExpression(key);
                    CheckValue(value);
                }

                break;
            case ExpandableStringExpressionAst text:
                text.NestedExpressions.ToList().ForEach(CheckExpression);
                if (Lowering.TextOf(text, static i => OwnNames.Prefix + i) is null)
                {
                    Refuse(text, "A suspension inside this string", "Await into a variable first, and use the variable here.");
                }

                break;
            case not null when PowerShell7.TryTernary(node, out ExpressionAst? test, out ExpressionAst? yes, out ExpressionAst? no):
                CheckExpression(test);
                CheckExpression(yes);
                CheckExpression(no);
                break;
            default:
                Refusal ??= Suspended(node!);
                break;
        }
    }

    private void CheckPipeline(PipelineAst pipeline)
    {
        if (PowerShell7.IsBackground(pipeline))
        {
            Refuse(pipeline, "A suspension in a background job (&)", "Use Start-AsyncTask -OnThread or Start-Job.");
        }
        else if (StatementCompiler.IsRedirected(pipeline.PipelineElements[0]))
        {
            CheckStages([pipeline.PipelineElements[0]]);
            CheckRest(pipeline, 1);
        }
        else if (pipeline.PipelineElements[0] is CommandAst first && SuspensionPoints.BodyOf(first) is { } body)
        {
            CheckBody(pipeline, first, body);
        }
        else if (pipeline.PipelineElements[0] is CommandAst call && SuspensionPoints.IsCall(call))
        {
            CheckStages([call]);
            if (CallSite.StatementsOf(call) is { } statements)
            {
                CheckNamed(statements.EndBlock);
            }

            CheckRest(pipeline, 1);
        }
        else if (SuspensionPoints.EndlessIn(pipeline) is { } endless)
        {
            Refuse(endless, "Receive-AsyncQueueItem -All with commands behind it", "Receive one item after the other in a loop.");
        }
        else
        {
            CheckItems(pipeline);
        }
    }

    /// <summary>Looks at a pipeline whose ForEach-Objects may be a part of the coroutine, or else run in PowerShell, where what awaits in them turns the loop.</summary>
    private void CheckItems(PipelineAst pipeline)
    {
        if (ForEachPipeline.In(pipeline) is { } run)
        {
            var inside = new Checker(unit) { _isTrapped = _isTrapped };
            inside.CheckEach(pipeline, run);
            if (inside.Refusal is null || pipeline.PipelineElements.Any(SuspensionPoints.IsUnbounded))
            {
                Refusal ??= inside.Refusal;
                return;
            }

            unit.KeepInPowerShell(pipeline);
        }

        CheckStages([.. pipeline.PipelineElements]);
    }

    private void CheckEach(PipelineAst pipeline, ForEachPipeline run)
    {
        CheckStages([.. pipeline.PipelineElements.Take(run.First)]);
        foreach (ScriptBlockAst block in run.Stages.SelectMany(static stage => stage.Blocks))
        {
            CheckNamed(block.EndBlock);
        }

        CheckRest(pipeline, run.First + run.Stages.Count);
    }

    /// <summary>Looks at the commands that get what those before them have written.</summary>
    private void CheckRest(PipelineAst pipeline, int from)
    {
        if (from == pipeline.PipelineElements.Count)
        {
            return;
        }

        PipelineAst rest = RestOf(pipeline, from);
        if (ForEachPipeline.In(rest) is { } next)
        {
            CheckEach(rest, next);
        }
        else
        {
            CheckStages([.. rest.PipelineElements]);
        }
    }

    private static PipelineAst RestOf(PipelineAst pipeline, int from)
    {
        IScriptExtent extent = pipeline.Extent;
        return new PipelineAst(extent, [new CommandExpressionAst(extent, AstBuilder.Variable(extent, EngineNames.Action), null), .. pipeline.PipelineElements.Skip(from).Select(static stage => (CommandBaseAst)stage.Copy())]);
    }

    private void CheckStages(CommandBaseAst[] stages)
    {
        bool namesUnknown = false;
        for (int i = 0; i < stages.Length; i++)
        {
            CheckParts(stages[i]);
            if (stages[i] is not CommandAst command)
            {
                continue;
            }

            if (SuspensionPoints.IsSuspension(command))
            {
                CheckSuspension(command, isFirst: i == 0, namesUnknown);

                // What writes its output to the pipeline has only that variable.
                (_, CommandElementAst[] naming) = StatementCompiler.WithoutPipelineVariable(command);
                namesUnknown = naming.Length > 0 && ((naming[0] as CommandParameterAst)?.Argument ?? naming[^1]) is not StringConstantExpressionAst;
            }
            else
            {
                namesUnknown |= VariableNames.NamesPipelineVariable(command) && StatementCompiler.PipelineVariableOf(command) is null;
            }
        }
    }

    private void CheckSuspension(CommandAst command, bool isFirst, bool isBehindUnknownVariable)
    {
        if (SuspensionPoints.BodyOf(command) is not null)
        {
            Refuse(command, "This command behind others in a pipeline", "Put it on a line of its own.");
        }

        if (isBehindUnknownVariable)
        {
            Refuse(command, "-PipelineVariable with a computed name, or beside -OutVariable and its like, before a command that suspends", "Put what comes before it into a variable, and loop over that.");
        }

        FileRedirectionAst[] targets = [.. command.Redirections.OfType<FileRedirectionAst>().Where(VariableNames.IsIntoVariable)];
        if (targets.FirstOrDefault(static target => target.FromStream != RedirectionStream.Output) is { } other)
        {
            if (!isFirst)
            {
                Refuse(other, "A redirection of other streams than the output into a variable, of a command that suspends behind others,", "Use -ErrorVariable and its like.");
            }
        }
        else if (targets.Length > 0 && command.Redirections.Count > 1)
        {
            Refuse(targets[0], "A redirection of other streams beside that into a variable, of a command that suspends,", "Use -ErrorVariable and its like.");
        }
    }

    private void CheckParts(CommandBaseAst stage)
    {
        foreach (CommandElementAst part in stage is CommandAst command ? command.CommandElements : (IEnumerable<CommandElementAst>)[((CommandExpressionAst)stage).Expression])
        {
            CheckExpression(part is CommandParameterAst parameter ? parameter.Argument : part as ExpressionAst);
        }

        foreach (FileRedirectionAst file in stage.Redirections.OfType<FileRedirectionAst>())
        {
            CheckExpression(file.Location);
        }
    }

    private void CheckBody(PipelineAst pipeline, CommandAst command, ScriptBlockExpressionAst body)
    {
        ScriptBlockAst block = body.ScriptBlock;
        if (block.ParamBlock is not null || block.BeginBlock is not null || block.ProcessBlock is not null || block.DynamicParamBlock is not null || PowerShell7.CleanBlockOf(block) is not null)
        {
            Refuse(body, "A body with param, begin, process, clean or dynamicparam", "Write its statements plainly.");
            return;
        }

        Refusal ??= UnsupportedBlocks.InBody(block);
        CheckParts(command);
        CheckNamed(block.EndBlock);
        if (pipeline.PipelineElements.Count > 1)
        {
            CheckStages([.. RestOf(pipeline, 1).PipelineElements]);
        }
    }
}
