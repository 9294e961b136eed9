namespace AsyncJobs.Coroutines.Analysis;

/// <summary>What is refused of a block wherever it stands in it, whether it suspends or not.</summary>
internal static class UnsupportedBlocks
{
    /// <summary>Refuses what the block of a coroutine cannot have.</summary>
    /// <param name="source">The block, as it was written.</param>
    /// <param name="block">What is compiled of it.</param>
    /// <exception cref="CoroutineNotSupportedException">There is such a thing.</exception>
    public static void Check(Ast source, ScriptBlockAst block)
    {
        if (BlockFacts.HasCmdlet(block) && BlockFacts.Of(block).Cmdlet is { } used)
        {
            throw new CoroutineNotSupportedException(used.Extent, "$PSCmdlet of the block itself", "Call the cmdlets that write to the streams, and throw; or do it in a function that the block calls.");
        }

        if (BlockTypes.UnsupportedIn(source, block) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Refuses what the body of a command that is a part of the coroutine around it cannot have.</summary>
    /// <inheritdoc cref="Check(Ast, ScriptBlockAst)"/>
    public static void CheckBody(ScriptBlockExpressionAst body)
    {
        ScriptBlockAst block = body.ScriptBlock;
        if (block.ParamBlock is not null || block.BeginBlock is not null || block.ProcessBlock is not null || block.DynamicParamBlock is not null || PowerShell7.CleanBlockOf(block) is not null)
        {
            throw new CoroutineNotSupportedException(body.Extent, "A body with param, begin, process, clean or dynamicparam", "Write its statements plainly.");
        }

        Check(block, block);
    }

    /// <summary>Refuses what no list of statements can have.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="isTrapped">Whether the list has traps.</param>
    /// <param name="meaning">What decides how they run.</param>
    /// <exception cref="CoroutineNotSupportedException">There is such a thing.</exception>
    public static void Check(IReadOnlyList<StatementAst> statements, bool isTrapped, BlockMeaning meaning)
    {
        for (int i = 0; i < statements.Count; i++)
        {
            if (SteppablePipelines.CallIn(statements[i]) is not { } call)
            {
                continue;
            }

            if (isTrapped || SteppablePipelines.StepAt(statements, i, meaning) is not (> 0 and var count))
            {
                throw new CoroutineNotSupportedException(call.Extent, "A steppable pipeline, which needs the scope it was made in,", "Use it in a function that the block calls.");
            }

            i += count - 1;
        }
    }
}
