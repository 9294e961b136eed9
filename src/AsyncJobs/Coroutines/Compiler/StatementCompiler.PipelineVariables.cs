namespace AsyncJobs.Coroutines.Compiler;

/// <content>The <c>-PipelineVariable</c> of commands in front of one that suspends.</content>
internal sealed partial class StatementCompiler
{
    /// <summary>The name of such a variable, if it is a constant and the only one that the command is given for what it writes; or null.</summary>
    private static string? PipelineVariableOf(CommandAst command) =>
        NamedArguments.Of(command).Where(static given => VariableNames.NamesStream(given.Parameter)).Select(static given => given.Value).ToArray() is [StringConstantExpressionAst { Value: var name }] ? name : null;

    /// <summary>Has commands with such a variable keep what they write, too.</summary>
    /// <param name="pending">The commands in front, of which those are replaced.</param>
    /// <param name="suspending">The command that suspends.</param>
    /// <param name="isUnknown">Whether another command in front has one whose name nobody knows.</param>
    /// <returns>What gives the variables their values behind it.</returns>
    private PipelineVariableNode[] KeepPipelineVariables(List<CommandBaseAst> pending, CommandAst suspending, bool isUnknown)
    {
        if (isUnknown || pending.OfType<CommandAst>().Any(static command => VariableNames.NamesPipelineVariable(command) && PipelineVariableOf(command) is null))
        {
            throw new CoroutineNotSupportedException(
                suspending.Extent,
                "-PipelineVariable with a computed name, or beside -OutVariable and its like, before a command that suspends",
                "Put what comes before it into a variable, and loop over that.");
        }

        var variables = new List<PipelineVariableNode>();
        for (int i = 0; i < pending.Count; i++)
        {
            if (pending[i] is not CommandAst command || !VariableNames.NamesPipelineVariable(command) || PipelineVariableOf(command) is not { } name)
            {
                continue;
            }

            string written = Unit.NewTemporary();
            IScriptExtent extent = command.Extent;
            pending[i] = new CommandAst(
                extent,
                [
                    .. command.CommandElements.Select(static element => (CommandElementAst)element.Copy()),
                    new CommandParameterAst(extent, "OutVariable", new StringConstantExpressionAst(extent, written, StringConstantType.BareWord), extent),
                ],
                command.InvocationOperator,
                command.Redirections.Select(static redirection => (RedirectionAst)redirection.Copy()));
            variables.Add(new PipelineVariableNode(name, written));
        }

        return [.. variables];
    }
}
