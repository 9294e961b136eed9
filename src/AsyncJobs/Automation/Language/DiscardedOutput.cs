namespace AsyncJobs.Automation.Language;

/// <summary>Whether what a command writes is thrown away where it stands, so that nobody can come to look at it later.</summary>
internal static class DiscardedOutput
{
    private const string Null = "null";

    // A loop asks again and again.
    private static volatile Answer? s_last;

    /// <summary>Whether it is, by the text of the statement that calls the command.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="command">The name that the command is called by.</param>
    public static bool Is(string statement, string command)
    {
        // Most have no such word in them, and need no parsing.
        if (!statement.Contains(Null, StringComparison.OrdinalIgnoreCase) && !statement.Contains("[void]", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (s_last is not { } last || last.Statement != statement || last.Command != command)
        {
            s_last = last = new Answer(statement, command, IsIn(statement, command));
        }

        return last.IsDiscarded;
    }

    private static bool IsIn(string statement, string command)
    {
        StatementAst? parsed = Parser.ParseInput(statement, out _, out _).EndBlock?.Statements.FirstOrDefault();
        return parsed switch
        {
            AssignmentStatementAst { Operator: TokenKind.Equals } assignment => IsNull(assignment.Left) && Ends(assignment.Right, command),
            PipelineAst { PipelineElements: [CommandExpressionAst { Expression: ConvertExpressionAst cast }] } =>
                cast.Type.TypeName.Name.Equals("void", StringComparison.OrdinalIgnoreCase)
                && cast.Child is ParenExpressionAst inner && Ends(inner.Pipeline, command),
            PipelineAst { PipelineElements: [.., var before, CommandAst last] } when IsCallOf(last, "Out-Null") => IsCallOf(before, command),
            PipelineAst { PipelineElements: [.., var last] } => IsCallOf(last, command) && last.Redirections.Any(
                static redirection => redirection is FileRedirectionAst { FromStream: RedirectionStream.Output or RedirectionStream.All } file && IsNull(file.Location)),
            _ => false,
        };
    }

    private static bool Ends(StatementAst statement, string command) =>
        statement is PipelineAst { PipelineElements: [.., var last] } && IsCallOf(last, command);

    private static bool IsCallOf(CommandBaseAst element, string command) => element is CommandAst call
        && call.GetCommandName() is { } name && name.Equals(command, StringComparison.OrdinalIgnoreCase);

    private static bool IsNull(Ast node) =>
        node is VariableExpressionAst { VariablePath.UserPath: { } name } && name.Equals(Null, StringComparison.OrdinalIgnoreCase);

    private sealed record Answer(string Statement, string Command, bool IsDiscarded);
}
