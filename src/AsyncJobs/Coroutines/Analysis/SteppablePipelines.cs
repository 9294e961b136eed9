namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// Steppable pipelines that a block makes. One lives in the scope it was made in, and that of a step goes with the step: so
/// the statements from there to the last that names it have to be one step.
/// </summary>
internal static class SteppablePipelines
{
    /// <summary>Whether a statement makes one.</summary>
    public static bool AreIn(StatementAst statement) => CallIn(statement) is not null;

    /// <summary>The call that makes one in a statement, or null.</summary>
    public static Ast? CallIn(StatementAst statement) => statement.Find(
        static node => node is InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var method } } && method.Equals("GetSteppablePipeline", StringComparison.OrdinalIgnoreCase),
        searchNestedScriptBlocks: false);

    /// <summary>How many statements have to be one step from one on that makes one; 0 where it makes none, or one of them jumps.</summary>
    public static int StepAt(IReadOnlyList<StatementAst> statements, int first, BlockMeaning meaning)
    {
        if (!AreIn(statements[first]))
        {
            return 0;
        }

        IReadOnlyCollection<string> names = BlockFacts.Of(statements[first]).Assigned;
        int last = first;
        for (int i = first + 1; i < statements.Count; i++)
        {
            if (statements[i].Find(node => node is VariableExpressionAst { VariablePath.UserPath: var name } && names.Contains(name, StringComparer.OrdinalIgnoreCase), searchNestedScriptBlocks: true) is not null)
            {
                last = i;
            }
        }

        return statements.Skip(first).Take(last - first + 1).All(statement => meaning.MayWaitInPlace(statement) && statement is not FunctionDefinitionAst) ? last - first + 1 : 0;
    }
}
