namespace AsyncJobs.Automation.Analysis;

/// <content>The pass that finds them.</content>
internal sealed partial class BlockFacts
{
    private void Read(Ast node)
    {
        switch (node)
        {
            case VariableExpressionAst variable:
                Read(variable);
                break;
            case CommandAst command:
                Read(new CommandUse(command, IsOwn(node)));
                break;
            case FunctionDefinitionAst { Parent: not FunctionMemberAst } function:
                _functions.Add(new FunctionUse(function, IsOwn(node)));
                Leaves(RunspaceEffect.Restorable, function.Name.Contains(':', StringComparison.Ordinal));
                break;
            case AssignmentStatementAst assignment:
                _assignments.Add(assignment);
                _otherAssigned.AddRange(VariableNames.SetBySplatting(assignment));
                break;
            case HashtableAst table:
                _otherAssigned.AddRange(VariableNames.SetBySplatting(table));
                break;
            case ForEachStatementAst:
                _otherAssigned.Add("foreach");
                break;
            case SwitchStatementAst choice:
                _otherAssigned.Add("switch");
                NoteMatch(choice.Flags.HasFlag(SwitchFlags.Regex));
                break;
            case DataStatementAst { Variable: { } written }:
                _otherAssigned.Add(written);
                break;
            case FileRedirectionAst redirection when VariableNames.NameInDrive(redirection.Location) is { } written:
                _otherAssigned.Add(written);
                break;
            case StringConstantExpressionAst { Value: var text }:
                Leaves(RunspaceEffect.Restorable, BuiltInProviders.NamePathInSession(text) || NamesScope(text));
                ReadString(node, text);
                break;
            case ExpandableStringExpressionAst { Value: var text }:
                ReadString(node, text);
                break;
            case MemberExpressionAst member:
                _members.Add(member);
                Note(MemberEffects.Of(member));
                break;
            case TypeExpressionAst { TypeName: var type }:
                _types.Add(type);
                break;
            case AttributeBaseAst attribute:
                _types.Add(attribute.TypeName);
                break;
            case TypeDefinitionAst type when IsOwn(node):
                _typeDefinitions.Add(type);
                break;
            case ConvertExpressionAst cast:
                ReadTypeText(cast.Child, cast.Type.TypeName.GetReflectionType() == typeof(Type));
                break;
            case BinaryExpressionAst binary:
                NoteMatch(binary.Operator is TokenKind.Imatch or TokenKind.Cmatch or TokenKind.Inotmatch or TokenKind.Cnotmatch);
                bool toType = binary is { Operator: TokenKind.As, Right: TypeExpressionAst right }
                    && right.TypeName.GetReflectionType() == typeof(Type);
                ReadTypeText(toType ? binary.Left : binary.Right, binary.Operator is TokenKind.Is or TokenKind.IsNot or TokenKind.As);
                break;
            case UsingExpressionAst expression:
                _usingExpressions.Add(expression);
                break;
            case UsingStatementAst:
                Leaves(RunspaceEffect.Restorable);
                break;
        }
    }

    private void Read(VariableExpressionAst node)
    {
        VariablePath path = node.VariablePath;
        var use = new VariableUse(node, VariableUse.RoleOf(node), IsOwn(node));
        _variables.Add(use);
        IsDynamic |= use.IsOwn && path.IsPrivate;
        Leaves(RunspaceEffect.Restorable, path.IsGlobal || path.IsScript || path.IsDriveQualified);
        Leaves(RunspaceEffect.Restorable, AutomaticVariables.Are(path.UserPath, VariableKind.OfSession));
    }

    private void Read(CommandUse use)
    {
        CommandAst node = use.Node;
        _commands.Add(use);
        Note(use.Effects & ~CommandEffect.ChangesSession);
        IsDynamic |= use.IsOwn && (node.InvocationOperator == TokenKind.Dot || use.Does(CommandEffect.LooksUpLocals));
        MayRemoveFunctions |= use.Does(CommandEffect.RemovesItems)
            && node.CommandElements.Any(static element => element.Extent.Text.Contains("function:", StringComparison.OrdinalIgnoreCase));
        ReachesUnnamed |= (use.Does(CommandEffect.ReadsVariable) && !NamesVariables(node))
            || (use.IsComputed && node.CommandElements[0] is not VariableExpressionAst { VariablePath.IsDriveQualified: false });
        Leaves(RunspaceEffect.Restorable, use.IsComputed);

        // Of the stacks of locations only the one without a name can be looked at.
        Leaves(RunspaceEffect.Irreversible, use.Does(CommandEffect.NamesLocationStack) && node.IsGiven("StackName"));
        if (use.Does(CommandEffect.WritesVariable) && VariableNames.NameArgumentOf(node) is { } written)
        {
            _otherAssigned.Add(written);
        }

        if (VariableNames.ScopeNumberOf(node) > 0 && VariableNames.NameArgumentOf(node) is { } further)
        {
            _furtherOut.Add(further);
        }

        _otherAssigned.AddRange(VariableNames.SetBy(node));
        if (use.Does(CommandEffect.NamesType) && TypeArgumentOf(node) is { } type)
        {
            ReadTypeText(type, isType: true);
        }
    }

    private void ReadString(Ast node, string text)
    {
        _strings.Add(node);
        ReachesUnnamed |= BuiltInProviders.IsPathInSession(text);
    }

    private void ReadTypeText(Ast text, bool isType)
    {
        if (isType && text is StringConstantExpressionAst name)
        {
            _typeTexts.Add(name);
        }
    }

    private void NoteMatch(bool condition)
    {
        if (condition)
        {
            _matches.Add("Matches");
        }
    }

    private void Note(CommandEffect effects)
    {
        ReachesUnnamed |= effects.HasFlag(CommandEffect.ReachesUnnamed);
        Leaves(RunspaceEffect.Restorable, effects.HasFlag(CommandEffect.ChangesSession));
        Leaves(RunspaceEffect.Irreversible, effects.HasFlag(CommandEffect.Irreversible));
    }

    private void Leaves(RunspaceEffect effect, bool condition = true)
    {
        if (condition && effect > RunspaceEffect)
        {
            RunspaceEffect = effect;
        }
    }

    private bool IsOwn(Ast node)
    {
        for (Ast? outer = node == Root ? null : node.Parent; outer is not null && outer != Root; outer = outer.Parent)
        {
            if (outer is ScriptBlockExpressionAst or FunctionDefinitionAst or TrapStatementAst)
            {
                return false;
            }
        }

        return true;
    }

    private static bool NamesScope(string text) =>
        text.Contains("global:", StringComparison.OrdinalIgnoreCase) || text.Contains("script:", StringComparison.OrdinalIgnoreCase);

    // All that it is given by literal names.
    private static bool NamesVariables(CommandAst command) =>
        command.CommandElements.OfType<StringConstantExpressionAst>().Skip(1).Any()
        && command.CommandElements.Skip(1).All(static element => element switch
        {
            StringConstantExpressionAst { Value: var name } => !WildcardPattern.ContainsWildcardCharacters(name),
            CommandParameterAst { Argument: null } => true,
            _ => false,
        });

    // The first that is no value of another parameter.
    private static CommandElementAst? TypeArgumentOf(CommandAst command) => command.CommandElements.Skip(1).Zip(command.CommandElements)
        .FirstOrDefault(static pair => pair.First is not CommandParameterAst
            && !(pair.Second is CommandParameterAst { Argument: null, ParameterName: var parameter }
                && !BuiltInParameters.Means(parameter, "TypeName") && !BuiltInParameters.Means(parameter, "Strict"))).First;
}
