namespace AsyncJobs.Automation.Language;

/// <summary>The parameters of a <c>param</c> block, or of a function that has them in parentheses behind its name.</summary>
internal static class ParameterList
{
    public static IEnumerable<ParameterAst> Of(Ast owner) =>
        owner.FindAll(node => node is ParameterAst && node.Parent == owner, searchNestedScriptBlocks: true).Cast<ParameterAst>();
}
