namespace AsyncJobs.Coroutines.Analysis;

/// <summary>What decides how the pieces of a block run, beside what they say.</summary>
/// <param name="Names">What the block's command names mean.</param>
/// <param name="Hidden">The variables that may have a value further out, of which an assignment with an operator takes no notice.</param>
internal sealed record BlockMeaning(CommandNames Names, IReadOnlyCollection<string> Hidden)
{
    /// <summary>Whether a node suspends, jumps out of itself, or assigns in a way of its own, in its own statements: if not, it runs natively as it stands.</summary>
    public bool NeedsInterpreting(Ast? node) =>
        node is not null && (SuspensionPoints.IsIn(node, Names) || !MayWaitInPlace(node));

    /// <summary>Whether PowerShell can run a node whole, where what suspends in it waits and turns the loop.</summary>
    public bool MayWaitInPlace(Ast node) => !SyntaxFacts.JumpsOut(node) && !CompoundAssignmentQuirk.IsIn(node, Hidden);

    /// <summary>Whether a statement runs natively.</summary>
    public bool IsNative(StatementAst statement) =>
        !NeedsInterpreting(statement) && statement is not FunctionDefinitionAst && !PowerShell7.IsForegroundChain(statement) && SyntaxFacts.TryGetStreamedExpression(statement) is null
        && (!SyntaxFacts.IsCompound(statement) || !SyntaxFacts.WritesInside(statement));
}
