namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The classes and enums in a block. PowerShell makes them with the script that the block is written in, before any of it
/// runs, and what names them in the block leads there: so their definitions need not run.
/// </summary>
internal static class BlockTypes
{
    /// <summary>What is refused of those that there would not be; null where there is nothing.</summary>
    /// <param name="source">The block, as it was written.</param>
    /// <param name="block">What is compiled of it.</param>
    public static CoroutineNotSupportedException? UnsupportedIn(Ast source, ScriptBlockAst block)
    {
        BlockFacts facts = BlockFacts.Of(block);
        IReadOnlyList<TypeDefinitionAst> types = facts.TypeDefinitions;
        return types.Count == 0 ? null
            : !AreMade(source, block) ? new CoroutineNotSupportedException(types[0].Extent, "A class or enum in a block that is not a part of a script", "Define it outside the block.")
            : NamedByText(facts, types) is { } named ? new CoroutineNotSupportedException(named.Extent, "The name of a class of the block as text", $"Write [{named.Extent.Text.Trim('\'', '"')}], or define it outside the block.")
            : null;
    }

    /// <summary>
    /// How the syntax of a block is copied: where its classes are there, and nothing looks for one by its name in a scope, copies
    /// have none. Classes of functions and blocks in text, which nothing has made yet, come with these.
    /// </summary>
    /// <param name="source">The block, as it was written.</param>
    /// <param name="block">What is compiled of it.</param>
    public static SyntaxCopy Copies(Ast source, ScriptBlockAst block) =>
        AreMade(source, block) && NamedByText(BlockFacts.Of(block), block.FindAll(static node => node is TypeDefinitionAst, searchNestedScriptBlocks: true).Cast<TypeDefinitionAst>()) is null
            ? SyntaxCopy.WithoutTypes
            : SyntaxCopy.WithTypes;

    private static bool AreMade(Ast source, ScriptBlockAst block) =>
        source.Parent is not null && block.Parent is not null && ReferenceEquals(source.Root(), block.Root());

    private static StringConstantExpressionAst? NamedByText(BlockFacts facts, IEnumerable<TypeDefinitionAst> types) => facts.TypeTexts.Count == 0
        ? null
        : facts.TypeTexts.FirstOrDefault(text => types.Any(type => type.Name.Equals(text.Value, StringComparison.OrdinalIgnoreCase)));
}
