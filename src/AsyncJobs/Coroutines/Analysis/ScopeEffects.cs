using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// What a block may do to its scope besides assigning variables that can be seen in its text. Such a block keeps its
/// scope by taking stock after each segment; others have their variables made before they start, which is cheaper.
/// </summary>
internal static class ScopeEffects
{
    /// <summary>Whether a block does any of it.</summary>
    public static bool AreIn(ScriptBlockAst block)
    {
        var locals = new HashSet<string>(BlockFacts.Of(block).Assigned, StringComparer.OrdinalIgnoreCase);
        return block.Find(node => node switch
        {
            CommandAst command => IsScoped(command) || LooksForVariable(command, locals),
            FileRedirectionAst redirection => VariableNames.IsIntoVariable(redirection),

            ConvertExpressionAst convert when SyntaxFacts.IsReference(convert) => !IsOfOwnVariable(convert, block),
            AssignmentStatementAst { Left: VariableExpressionAst { VariablePath: { IsVariable: false, DriveName: { } drive } } } => drive is not ("env" or "Env"),
            VariableExpressionAst { VariablePath: { } path } => path.IsPrivate || path.IsLocal || ((path.IsGlobal || path.IsScript) && locals.Contains(VariableNames.Unqualified(path))),
            _ => false,
        }, searchNestedScriptBlocks: true) is not null;
    }

    /// <summary>Whether a statement may define functions that cannot be seen in it.</summary>
    public static bool MayDefineFunctions(Ast statement) => statement.Find(
        static node => node is CommandAst { InvocationOperator: TokenKind.Dot }
            || (node is CommandAst command && command.Does(CommandEffect.ChangesScope))
            || node is AssignmentStatementAst { Left: VariableExpressionAst { VariablePath: { IsVariable: false } } },
        searchNestedScriptBlocks: true) is not null;

    // Of a variable that has not been set there is no reference, and one that is further out may be meant. A trap has copies.
    private static bool IsOfOwnVariable(ConvertExpressionAst reference, ScriptBlockAst block) =>
        reference.Child is VariableExpressionAst { VariablePath: { IsUnscopedVariable: true, UserPath: var name } } && DefiniteAssignment.MakesVariable(block, name) && !IsInTrap(reference);

    private static bool IsInTrap(Ast? node) => node is not null && (node is TrapStatementAst || IsInTrap(node.Parent));

    // Whether a variable is there can be seen of one that is made before it is assigned.
    private static bool LooksForVariable(CommandAst command, HashSet<string> locals) => command.CommandElements.Any(static element => VariableNames.NameInDrive(element) is not null)
        || (command.Does(CommandEffect.ReadsVariable) && VariableNames.NameArgumentOf(command) is { } variable && locals.Contains(variable));

    private static bool IsScoped(CommandAst command)
    {
        if (command.InvocationOperator == TokenKind.Dot)
        {
            return command.CommandElements[0] is not ScriptBlockExpressionAst { ScriptBlock: var dotted } || !ForEachStage.IsPlain(dotted) || command.CommandElements.Count > 1;
        }

        return VariableNames.NamesComputed(command)
            || command.Does(CommandEffect.ChangesScope)
            || (command.Does(CommandEffect.NamesVariable)
                && (VariableNames.NameArgumentOf(command) is null || command.IsGiven("Option") || command.IsGiven("Scope")));
    }
}
