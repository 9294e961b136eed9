namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Whether a block assigns to <c>$_</c> or <c>$args</c>, which PowerShell makes new for each segment.</summary>
internal static class AssignedAutomatics
{
    /// <summary>
    /// An assignment to one of the two in a block's own statements, or in those of a body that is a part of the coroutine; null
    /// for none.
    /// </summary>
    public static Ast? In(Ast block, CommandNames names) => BlockFacts.Of(block) is var facts && facts.AssignedAutomatic is { } own
        ? own
        : facts.Commands
            .Where(static use => use.IsOwn)
            .Select(use => SuspensionPoints.BodyOf(use.Node, names) is { } body ? In(body.ScriptBlock, names) : null)
            .FirstOrDefault(static found => found is not null);
}
