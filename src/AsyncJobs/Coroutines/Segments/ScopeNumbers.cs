namespace AsyncJobs.Coroutines.Segments;

/// <summary>
/// The numbers by which commands name scopes. Around a coroutine's own scope there is one, with all that it has captured: so
/// one further out is that.
/// </summary>
internal static class ScopeNumbers
{
    // A number that is an argument is what its text says.
    private static readonly SyntaxCopy Copies = new(IsFurtherOut, static number => new StringConstantExpressionAst(number.Extent, "1", StringConstantType.BareWord));

    /// <summary>A statement without them.</summary>
    /// <param name="statement">A new node.</param>
    public static StatementAst Within(StatementAst statement) => Copies.Of(statement);

    // The numbers in blocks and functions inside mean the scopes of the block.
    private static bool IsFurtherOut(Ast node) =>
        node is ConstantExpressionAst && (node.Parent is CommandParameterAst parameter ? parameter.Parent : node.Parent) is CommandAst command
        && VariableNames.ScopeNumberOf(command) > 1
        && NamedArguments.Of(command).Any(given => given.Value == node && BuiltInParameters.Means(given.Parameter, "Scope"))
        && !IsInBlock(command);

    private static bool IsInBlock(Ast? node) => node is not null && (node is ScriptBlockAst || IsInBlock(node.Parent));
}
