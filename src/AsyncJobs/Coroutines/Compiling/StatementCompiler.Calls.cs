using System.Management.Automation.Language;

namespace AsyncJobs;

/// <content>Calls of functions that await.</content>
internal sealed partial class StatementCompiler
{
    private SequenceNode CompileCall(CommandAst original, Lowering lowering, IScriptExtent position, bool isPart)
    {
        // While PowerShell binds the call the function's name stands for something else, so no other command may run then.
        CommandElementAst[] elements = [.. original.CommandElements];
        int last = Array.FindLastIndex(elements, static element => element.Find(static node => node is CommandAst or InvokeMemberExpressionAst, searchNestedScriptBlocks: false) is not null);
        CommandElementAst[] arguments = LowerElements(elements, lowering, spillBefore: last + 1);
        var call = new CommandAst(original.Extent, arguments, original.InvocationOperator, null);
        lowering.Steps.Add(new CallNode(
            Unit,
            original,
            new Segment(Unit, position, [Factory.Pipeline(position, (CommandAst)call.Copy())], SegmentKind.Part),
            Native(Factory.IntoSink(position, [call]), isPart)));
        return new SequenceNode([.. lowering.Steps]);
    }
}
