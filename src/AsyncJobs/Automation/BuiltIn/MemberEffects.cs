using static AsyncJobs.Automation.BuiltIn.CommandEffect;

namespace AsyncJobs.Automation.BuiltIn;

/// <summary>What members of PowerShell's own objects do, as far as they do what commands do.</summary>
internal static class MemberEffects
{
    private static readonly NameTable<CommandEffect> Table = new(
        (ReachesUnnamed, "NewScriptBlock InvokeScript ExpandString PSVariable GetCommand GetCommands GetCommandName AddScript AddCommand"),
        (ChangesSession, "DefaultRunspace"),
        (Irreversible, "LocationChangedAction PostCommandLookupAction"));

    /// <summary>Whether a member is a method that runs the script block that it is of, or that it is given.</summary>
    public static bool RunsScript(MemberExpressionAst node) => node is InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } }
        && (name.StartsWith("Invoke", StringComparison.OrdinalIgnoreCase)
            || name.Equals("ForEach", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Where", StringComparison.OrdinalIgnoreCase));

    /// <summary>What the use of a member does.</summary>
    public static CommandEffect Of(MemberExpressionAst node)
    {
        string? name = (node.Member as StringConstantExpressionAst)?.Value;
        CommandEffect effects = name is null ? None : Table[name];
        if (node is InvokeMemberExpressionAst)
        {
            bool isCreate = "Create".Equals(name, StringComparison.OrdinalIgnoreCase);
            bool runsCode = name is null || isCreate || name.StartsWith("Invoke", StringComparison.OrdinalIgnoreCase);
            bool makesBlock = isCreate && node.Expression is TypeExpressionAst { TypeName: var type }
                && type.GetReflectionType() == typeof(ScriptBlock);
            return effects | (runsCode ? ChangesSession : None) | (makesBlock ? ReachesUnnamed : None);
        }

        return effects | (node.Parent is AssignmentStatementAst ? ChangesSession : None);
    }
}
