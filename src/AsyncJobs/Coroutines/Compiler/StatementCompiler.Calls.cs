namespace AsyncJobs.Coroutines.Compiler;

/// <content>Calls of functions and blocks that await.</content>
internal sealed partial class StatementCompiler
{
    private SequenceNode CompileCall(PipelineAst pipeline, CommandAst call, Lowering lowering, IScriptExtent position, bool isPart)
    {
        if (pipeline.PipelineElements.Count == 1)
        {
            // While PowerShell binds the call what it calls stands for something else, so no other command may run then.
            CommandElementAst[] elements = [.. call.CommandElements];
            int last = Array.FindLastIndex(elements, static element => element.Find(static node => node is CommandAst or InvokeMemberExpressionAst, searchNestedScriptBlocks: false) is not null);
            lowering.Steps.Add(Call(call, LowerElements(elements, lowering, spillBefore: last + 1), lowering, position, isPart));
            return new SequenceNode([.. lowering.Steps]);
        }

        // The arguments of all stages are evaluated before any of them begins.
        CommandBaseAst[] stages = LowerStages(pipeline, lowering, spill: true);
        string written = Unit.NewTemporary();
        CommandElementAst[] own = [.. ((CommandAst)stages[0]).CommandElements.Select(static element => (CommandElementAst)element.Copy())];
        lowering.Steps.Add(new StageNode(Call(call, own, lowering, position, isPart: true), written));
        var rest = new PipelineAst(position, [new CommandExpressionAst(call.Extent, AstBuilder.Variable(call.Extent, written), null), .. stages.Skip(1).Select(Copy)]);
        lowering.Steps.Add(CompileRest(rest, position, isPart));
        return new SequenceNode([.. lowering.Steps]);
    }

    // The body of a command looks up what is a block's own, as a dotted block does.
    private CoroutineNode WithOwnAutomatics(ScriptBlockAst block, CoroutineNode body) =>
        Unit.SaysWhere || Unit.AssignsAutomatics || block.Find(static node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && name.Equals("args", StringComparison.OrdinalIgnoreCase), searchNestedScriptBlocks: false) is not null
            ? new OwnAutomaticsNode(body, Unit.SaysWhere ? new InvocationValue(Unit, block.Extent, block) : null)
            : body;

    private CoroutineNode Call(CommandAst original, CommandElementAst[] elements, Lowering lowering, IScriptExtent position, bool isPart)
    {
        if (CallSite.StatementsOf(original) is { } statements)
        {
            return Redirect(original.Redirections, lowering, () => new DottedBlockNode(
                InBlock(isLast: true, () => CompileNamed(statements.EndBlock)),
                new EnclosingPlace(Unit, original.Extent),
                Unit.SaysWhere ? new InvocationValue(Unit, original.Extent, statements) : null));
        }

        Callee callee;
        if (CallSite.NameOf(original) is { } name)
        {
            callee = new NamedCallee(name);
        }
        else
        {
            // It is evaluated before the arguments.
            VariableExpressionAst held = lowering.Spill((ExpressionAst)elements[0]);
            elements[0] = AstBuilder.Variable(held.Extent, held.VariablePath.UserPath);
            callee = new ValueCallee(held.VariablePath.UserPath);
        }

        var call = new CommandAst(original.Extent, elements, original.InvocationOperator, original.Redirections.Select(static redirection => (RedirectionAst)redirection.Copy()));
        var bind = new CommandAst(original.Extent, call.CommandElements.Select(static element => (CommandElementAst)element.Copy()), original.InvocationOperator, null);
        return new CallNode(
            Unit,
            original,
            callee,
            new Segment(Unit, position, [AstBuilder.Pipeline(position, bind)], isPart: true),
            Native(OutAsyncCoroutineCommand.AppendTo(position, [call]), isPart),
            part => Redirect(original.Redirections, lowering, () => part));
    }
}
