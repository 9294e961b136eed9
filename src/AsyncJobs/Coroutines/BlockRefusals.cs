using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>What is refused of a block as a whole.</summary>
internal static class BlockRefusals
{
    public static void Check(ScriptBlockAst block)
    {
        NamedBlockAst? named = block.DynamicParamBlock ?? block.BeginBlock ?? block.ProcessBlock ?? Modern.CleanBlockOf(block);
        if (named is not null)
        {
            throw new CoroutineNotSupportedException(named.Extent, $"A {named.BlockKind} block", "Write its statements plainly; one object of the pipeline is $_.");
        }

        if (block.Find(static node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && name.Equals("PSCmdlet", StringComparison.OrdinalIgnoreCase), true) is { } used)
        {
            throw new CoroutineNotSupportedException(used.Extent, "$PSCmdlet", "Call the cmdlets that write to the streams, and throw.");
        }

        if (block.Find(static node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && name.Equals("MyInvocation", StringComparison.OrdinalIgnoreCase), false) is { } invocation)
        {
            throw new CoroutineNotSupportedException(invocation.Extent, "$MyInvocation", "Take what you need of it before the task starts.");
        }

        if (block.Find(static node => node is AssignmentStatementAst { Left: VariableExpressionAst { VariablePath.UserPath: "_" or "PSItem" or "args" } }, false) is { } assigned)
        {
            throw new CoroutineNotSupportedException(assigned.Extent, "An assignment to $_ or $args", "Use a variable of another name.");
        }
    }
}
