using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Compiler;

/// <content>Calls of functions that await.</content>
internal sealed partial class StatementCompiler
{
    private SequenceNode CompileCall(PipelineAst pipeline, CommandAst call, Lowering lowering, IScriptExtent position, bool isPart)
    {
        if (pipeline.PipelineElements.Count == 1)
        {
            // While PowerShell binds the call the function's name stands for something else, so no other command may run then.
            CommandElementAst[] elements = [.. call.CommandElements];
            int last = Array.FindLastIndex(elements, static element => element.Find(static node => node is CommandAst or InvokeMemberExpressionAst, searchNestedScriptBlocks: false) is not null);
            lowering.Steps.Add(Call(call, LowerElements(elements, lowering, spillBefore: last + 1), position, isPart));
            return new SequenceNode([.. lowering.Steps]);
        }

        // The arguments of all stages are evaluated before any of them begins.
        CommandBaseAst[] stages = LowerStages(pipeline, lowering, spill: true);
        string written = Unit.NewTemporary();
        lowering.Steps.Add(new StageNode(Call(call, ((CommandAst)stages[0]).CommandElements.Select(static element => (CommandElementAst)element.Copy()), position, isPart: true), written));
        var rest = new PipelineAst(position, [new CommandExpressionAst(call.Extent, AstBuilder.Variable(call.Extent, written), null), .. stages.Skip(1).Select(Copy)]);
        lowering.Steps.Add(CompileRest(rest, position, isPart));
        return new SequenceNode([.. lowering.Steps]);
    }

    private CallNode Call(CommandAst original, IEnumerable<CommandElementAst> elements, IScriptExtent position, bool isPart)
    {
        var call = new CommandAst(original.Extent, elements, original.InvocationOperator, null);
        return new CallNode(
            Unit,
            original,
            new Segment(Unit, position, [AstBuilder.Pipeline(position, (CommandAst)call.Copy())], isPart: true),
            Native(OutAsyncCoroutineCommand.AppendTo(position, [call]), isPart));
    }
}
