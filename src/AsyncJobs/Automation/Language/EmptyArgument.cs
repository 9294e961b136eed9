using System.Management.Automation.Internal;

namespace AsyncJobs.Automation.Language;

/// <summary>
/// Whether an argument that has come as null stands for nothing: for a command that has written no object, as one does that is
/// only asked what it would do. PowerShell makes null of it before the command that gets it can see.
/// </summary>
internal static class EmptyArgument
{
    /// <summary>Whether it does, by the text of the statement that calls the command.</summary>
    /// <param name="command">The command that has got it.</param>
    /// <param name="statement">The statement; null where that is not known.</param>
    /// <param name="place">Its place in a list that is the argument; 0 for the first.</param>
    public static bool Is(PSCmdlet command, IScriptExtent? statement, int place)
    {
        InvocationInfo call = command.MyInvocation;
        return (CallIn(statement, call) ?? CallAt(call.Line, line: 1, call.OffsetInLine)) is { } found && found.CommandElements.Skip(1)
            .Select(static element => (element as CommandParameterAst)?.Argument ?? element as ExpressionAst)
            .Any(argument => IsNothing(command, argument is ArrayLiteralAst list ? list.Elements.ElementAtOrDefault(place) : argument));
    }

    // Behind $( ), PowerShell goes on to tell the last statement in it.
    private static CommandAst? CallIn(IScriptExtent? statement, InvocationInfo call)
    {
        int line = statement is null ? 0 : call.ScriptLineNumber - statement.StartLineNumber + 1;
        return line < 1 ? null : CallAt(statement!.Text, line, line == 1 ? call.OffsetInLine - statement.StartColumnNumber + 1 : call.OffsetInLine);
    }

    private static CommandAst? CallAt(string text, int line, int column) => (CommandAst?)Parser.ParseInput(text, out _, out _).Find(
        node => node is CommandAst && node.Extent.StartLineNumber == line && node.Extent.StartColumnNumber == column,
        searchNestedScriptBlocks: true);

    private static bool IsNothing(PSCmdlet command, ExpressionAst? argument) => argument switch
    {
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst { Expression: var inner }] } } => IsNothing(command, inner),
        ParenExpressionAst { Pipeline: PipelineAst } => true,
        SubExpressionAst { SubExpression: var inner } => inner.Find(static node => node is CommandAst, searchNestedScriptBlocks: false) is not null,
        VariableExpressionAst { Splatted: false, VariablePath: { IsVariable: true, UserPath: var name } } =>
            command.SessionState.PSVariable.Get(name)?.Value == AutomationNull.Value,
        _ => false,
    };
}
