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
        if (types.Count == 0)
        {
            return null;
        }

        if (source.Parent is null || block.Parent is null || !ReferenceEquals(source.Root(), block.Root()))
        {
            return new CoroutineNotSupportedException(types[0].Extent, "A class or enum in a block that is not a part of a script, or with $using: in it,", "Define it outside the block.");
        }

        var names = types.Select(static type => type.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (facts.TypeTexts.FirstOrDefault(text => names.Contains(text.Value)) is { } named)
        {
            return new CoroutineNotSupportedException(named.Extent, "The name of a class of the block as text", $"Write [{named.Extent.Text.Trim('\'', '"')}], or define it outside the block.");
        }

        return null;
    }
}
