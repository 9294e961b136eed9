namespace AsyncJobs.Automation.Analysis;

/// <summary>A place where a script names a variable.</summary>
/// <param name="Node">The place.</param>
/// <param name="Role">What is done there.</param>
/// <param name="IsOwn">Whether the place is in the block's own statements, not in those of a block, function or trap in it.</param>
internal sealed record VariableUse(VariableExpressionAst Node, VariableRole Role, bool IsOwn)
{
    /// <summary>The variable's name as it is written.</summary>
    public VariablePath Path => Node.VariablePath;

    /// <summary>The variable's name without its scope or drive.</summary>
    public string Name { get; } = VariableNames.Unqualified(Node.VariablePath);

    /// <summary>Whether a variable of the scope may be meant.</summary>
    public bool IsLocal => Path.IsVariable && (Path.IsUnscopedVariable || Path.IsLocal || Path.IsPrivate);

    /// <summary>Whether the variable has another value afterwards.</summary>
    public bool IsAssigned => Role is VariableRole.Assigned or VariableRole.Changed or VariableRole.Loop;

    /// <summary>What is done with a variable where it is named.</summary>
    public static VariableRole RoleOf(VariableExpressionAst variable)
    {
        Ast place = variable;
        while (place.Parent is AttributedExpressionAst or ArrayLiteralAst
            or ParenExpressionAst or CommandExpressionAst { Redirections.Count: 0 } or PipelineAst { PipelineElements.Count: 1 })
        {
            place = place.Parent;
        }

        return place.Parent switch
        {
            AssignmentStatementAst assignment when assignment.Left == place =>
                assignment.Operator == TokenKind.Equals ? VariableRole.Assigned : VariableRole.Changed,
            UnaryExpressionAst
            {
                TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus,
            } => VariableRole.Changed,
            ForEachStatementAst loop when loop.Variable == variable => VariableRole.Loop,
            ParameterAst parameter when parameter.Name == variable => VariableRole.Parameter,
            _ => VariableRole.Read,
        };
    }
}
