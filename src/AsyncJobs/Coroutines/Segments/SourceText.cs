namespace AsyncJobs.Coroutines.Segments;

/// <summary>What compiled syntax says, in one short line: the script it is made of, with <c>%1</c> where it reads a temporary variable.</summary>
internal static class SourceText
{
    private const int Longest = 100;

    /// <summary>The text of a node.</summary>
    public static string Of(Ast node) => node switch
    {
        VariableExpressionAst { VariablePath.UserPath: { } name } when OwnNames.Are(name) => OfVariable(name),
        AssignmentStatementAst { Operator: TokenKind.Equals } assignment => $"{Of(assignment.Left)} = {Of(assignment.Right)}",
        PipelineAst pipeline => string.Join(" | ", pipeline.PipelineElements.Where(static element => !IsOwn(element)).Select(Of)),
        CommandExpressionAst { Expression: var expression } => Of(expression),
        _ => BriefText.InLine(WithTemporaries(node), Longest),
    };

    /// <summary>A variable's name.</summary>
    public static string OfVariable(string name) => OwnNames.Are(name) ? "%" + name[OwnNames.Prefix.Length..] : "$" + name;

    // A command of the engine's is called by itself, not by a name.
    private static bool IsOwn(CommandBaseAst element) => element is CommandAst { CommandElements: [ConstantExpressionAst and not StringConstantExpressionAst, ..] };

    private static string WithTemporaries(Ast node)
    {
        string script = node.Extent.StartScriptPosition.GetFullScript();
        string text = node.Extent.Text;
        int end = text.Length;
        foreach (VariableExpressionAst variable in node.FindAll(static inner => inner is VariableExpressionAst { VariablePath.UserPath: { } name } && OwnNames.Are(name), searchNestedScriptBlocks: true)
            .Cast<VariableExpressionAst>()
            .Where(variable => ReferenceEquals(variable.Extent.StartScriptPosition.GetFullScript(), script))
            .OrderByDescending(static variable => variable.Extent.StartOffset))
        {
            int start = variable.Extent.StartOffset - node.Extent.StartOffset;
            int after = variable.Extent.EndOffset - node.Extent.StartOffset;
            if (start >= 0 && after <= end && after - start < node.Extent.Text.Length)
            {
                text = text[..start] + OfVariable(variable.VariablePath.UserPath) + text[after..];
                end = start;
            }
        }

        return text;
    }
}
