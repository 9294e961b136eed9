namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// A block without <c>$using:</c> in its own statements: what it names is captured by value in any case. Lines stay; columns behind it move.
/// </summary>
internal static class UsingRemoval
{
    public static ScriptBlockAst Of(ScriptBlockAst block)
    {
        UsingExpressionAst[] found = [.. In(block)];
        if (found.Length == 0)
        {
            return block;
        }

        string text = block.Extent.Text;
        foreach (UsingExpressionAst node in found.OrderByDescending(static node => node.Extent.StartOffset))
        {
            int at = node.Extent.StartOffset - block.Extent.StartOffset;
            int prefix = text.IndexOf("using:", at, StringComparison.OrdinalIgnoreCase);
            text = text.Remove(prefix, "using:".Length);
        }

        // The lines above it keep the line numbers of what stands on it.
        string padding = new('\n', block.Extent.StartLineNumber - 1);
        ScriptBlockAst parsed = Parser.ParseInput(padding + text, block.Extent.File, out _, out _);
        return parsed.Find(static node => node is ScriptBlockExpressionAst, false) is ScriptBlockExpressionAst { ScriptBlock: { } inner } ? inner : parsed;
    }

    /// <summary>Those of the block's own statements, which the bodies of Use-AsyncLock and its kind, and of ForEach-Object, are part of.</summary>
    private static IEnumerable<UsingExpressionAst> In(ScriptBlockAst block) => block
        .FindAll(static node => node is UsingExpressionAst or CommandAst, searchNestedScriptBlocks: false)
        .SelectMany(static node => node switch
        {
            UsingExpressionAst found => [found],
            CommandAst command when SuspensionPoints.BodyOf(command) is { } body => In(body.ScriptBlock),
            CommandAst command when ForEachPipeline.Of(command) is { } stage => stage.Blocks.SelectMany(In),
            _ => Enumerable.Empty<UsingExpressionAst>(),
        });
}
