namespace AsyncJobs.Coroutines.Analysis;

/// <summary>The syntax of a block that is to be a coroutine.</summary>
internal static class BlockSyntax
{
    /// <summary>The body of a block, also where it is that of a function.</summary>
    public static ScriptBlockAst Of(ScriptBlock source) => source.Ast switch
    {
        ScriptBlockAst block => block,
        FunctionDefinitionAst function => function.Body,
        _ => throw new CoroutineNotSupportedException(
            source.Ast.Extent, $"A {source.Ast.GetType().Name}", "Give a script block or a function."),
    };
}
