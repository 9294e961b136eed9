namespace AsyncJobs.Coroutines.Analysis;

/// <summary>What is refused of a block as a whole.</summary>
internal static class UnsupportedBlocks
{
    /// <summary>Of the block of a command that is part of the coroutine around it; null where there is nothing.</summary>
    public static CoroutineNotSupportedException? InBody(ScriptBlockAst block)
    {
        return In(block) ?? BlockTypes.UnsupportedIn(block, block);
    }

    /// <summary>Of any block; null where there is nothing.</summary>
    public static CoroutineNotSupportedException? In(ScriptBlockAst block)
    {
        if (block.DynamicParamBlock is { } dynamic)
        {
            return new CoroutineNotSupportedException(dynamic.Extent, "A dynamicparam block", "Write its parameters in param, or give it to a function that the block calls.");
        }

        if (BlockFacts.HasCmdlet(block) && BlockFacts.Of(block).Cmdlet is { } used)
        {
            return new CoroutineNotSupportedException(used.Extent, "$PSCmdlet of the block itself", "Call the cmdlets that write to the streams, and throw; or do it in a function that the block calls.");
        }

        return null;
    }
}
