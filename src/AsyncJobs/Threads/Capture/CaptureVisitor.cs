using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs.Threads.Capture;

/// <summary>Collects the names that a block uses, in nested blocks and strings too.</summary>
/// <param name="root">The block; what stands around it does not count.</param>
internal sealed class CaptureVisitor(Ast root) : AstVisitor2
{
    private const string ExitCode = "LASTEXITCODE";

    // Members that run text, or lead to names that only running shows.
    private static readonly HashSet<string> EvaluatingMembers = new(
        [
            "NewScriptBlock", "InvokeScript", "ExpandString", "PSVariable", "GetCommand", "GetCommands", "GetCommandName",
            "AddScript", "AddCommand",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables read, without scope.</summary>
    public HashSet<string> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables read as <c>$global:</c> or <c>$script:</c>, with it.</summary>
    public HashSet<string> ScopedVariables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables assigned somewhere, so that the caller's may never be looked at.</summary>
    public HashSet<string> Assigned { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables that a loop or a call gives their values: parameters, and those of <c>foreach</c>.</summary>
    public HashSet<string> Bound { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Commands called by name.</summary>
    public HashSet<string> Commands { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables that name a command: <c>&amp; $tool</c>.</summary>
    public HashSet<string> CommandVariables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Methods called on objects, with the variable that holds the object, or null for any other expression.</summary>
    public HashSet<(string? Variable, string Method)> Methods { get; } = [];

    /// <summary>Functions that the block itself defines.</summary>
    public HashSet<string> Functions { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>PowerShell classes.</summary>
    public HashSet<Type> Classes { get; } = [];

    /// <summary>PowerShell classes that are found by text, and where that stands: a task knows no such name.</summary>
    public List<(Type Class, Ast Place)> ClassNames { get; } = [];

    /// <summary>Drives that its paths may begin with.</summary>
    public HashSet<string> Drives { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it reads a <c>$PSCmdlet</c> that is not that of a function or block of its own.</summary>
    public bool UsesCallersCmdlet { get; private set; }

    /// <summary>Whether it may call commands, or read variables, whose names are not in its text.</summary>
    public bool UsesUnknown { get; private set; }

    /// <summary>Notes a path.</summary>
    public override AstVisitAction VisitStringConstantExpression(StringConstantExpressionAst stringConstantExpressionAst) =>
        VisitString(stringConstantExpressionAst);

    /// <summary>Notes a path.</summary>
    public override AstVisitAction VisitExpandableStringExpression(ExpandableStringExpressionAst expandableStringExpressionAst) =>
        VisitString(expandableStringExpressionAst);

    /// <summary>Notes a variable.</summary>
    public override AstVisitAction VisitVariableExpression(VariableExpressionAst variableExpressionAst)
    {
        VariablePath path = variableExpressionAst.VariablePath;
        if (path.IsDriveQualified)
        {
            if (path.DriveName.Equals("function", StringComparison.OrdinalIgnoreCase))
            {
                Commands.Add(path.UserPath["function:".Length..]);
            }
        }
        else if (IsAssigned(variableExpressionAst))
        {
            Assigned.Add(path.UserPath);
        }
        else if (IsBound(variableExpressionAst))
        {
            Bound.Add(path.UserPath);
        }
        else if (path.IsGlobal || path.IsScript)
        {
            ScopedVariables.Add(path.UserPath);
        }
        else if (path.UserPath.Equals("PSCmdlet", StringComparison.OrdinalIgnoreCase))
        {
            UsesCallersCmdlet |= !IsWithinAdvanced(variableExpressionAst);
        }
        else if (path.UserPath.Equals(ExitCode, StringComparison.OrdinalIgnoreCase))
        {
            // Native commands set the session's; one in a scope of the task would hide it.
            ScopedVariables.Add("global:" + ExitCode);
        }
        else
        {
            string name = path.UserPath[(path.UserPath.IndexOf(':', StringComparison.Ordinal) + 1)..];
            Variables.Add(name.Equals("PSItem", StringComparison.OrdinalIgnoreCase) ? "_" : name);
        }

        return AstVisitAction.Continue;
    }

    /// <summary>Notes a command, or the variable that names it.</summary>
    public override AstVisitAction VisitCommand(CommandAst commandAst)
    {
        if (commandAst.GetCommandName() is { } name)
        {
            Commands.Add(name);
            UsesUnknown |= commandAst.Does(CommandEffect.ReachesUnnamed);
            if (commandAst.Does(CommandEffect.ReadsVariable | CommandEffect.ChangesVariable))
            {
                AddVariablesNamedBy(commandAst);
            }
            else if (commandAst.Does(CommandEffect.NamesType))
            {
                AddClassNamedBy(commandAst);
            }
        }
        else if (commandAst.CommandElements[0] is VariableExpressionAst { VariablePath.IsDriveQualified: false } variable)
        {
            CommandVariables.Add(variable.VariablePath.UserPath);
        }
        else
        {
            UsesUnknown |= commandAst.CommandElements[0] is not ScriptBlockExpressionAst;
        }

        return AstVisitAction.Continue;
    }

    /// <summary>Notes a method.</summary>
    public override AstVisitAction VisitInvokeMemberExpression(InvokeMemberExpressionAst methodCallAst)
    {
        if (methodCallAst is { Member: StringConstantExpressionAst { Value: var name }, Expression: not TypeExpressionAst })
        {
            Methods.Add(((methodCallAst.Expression as VariableExpressionAst)?.VariablePath.UserPath, name));
        }

        UsesUnknown |= methodCallAst is
        {
            Expression: TypeExpressionAst { TypeName: var type },
            Member: StringConstantExpressionAst { Value: var factory },
        }
            && factory.Equals("Create", StringComparison.OrdinalIgnoreCase) && IsScriptBlock(type);
        return VisitMemberExpression(methodCallAst);
    }

    /// <summary>Notes a way to names that are not in the text.</summary>
    public override AstVisitAction VisitMemberExpression(MemberExpressionAst memberExpressionAst)
    {
        UsesUnknown |= memberExpressionAst.Member is StringConstantExpressionAst { Value: var name } && EvaluatingMembers.Contains(name);
        return AstVisitAction.Continue;
    }

    /// <summary>Notes a function that is defined here.</summary>
    public override AstVisitAction VisitFunctionDefinition(FunctionDefinitionAst functionDefinitionAst)
    {
        if (functionDefinitionAst.Parent is not FunctionMemberAst)
        {
            Functions.Add(functionDefinitionAst.Name);
        }

        return AstVisitAction.Continue;
    }

    /// <summary>
    /// Finds a type while the caller's session is at hand; the name remembers it. A class of the caller's is known there
    /// alone, unless it stands in the same file.
    /// </summary>
    public override AstVisitAction VisitTypeExpression(TypeExpressionAst typeExpressionAst)
    {
        AddClass(typeExpressionAst.TypeName);
        return AstVisitAction.Continue;
    }

    /// <inheritdoc cref="VisitTypeExpression"/>
    public override AstVisitAction VisitTypeConstraint(TypeConstraintAst typeConstraintAst)
    {
        AddClass(typeConstraintAst.TypeName);
        return AstVisitAction.Continue;
    }

    /// <inheritdoc cref="VisitTypeExpression"/>
    public override AstVisitAction VisitAttribute(AttributeAst attributeAst)
    {
        AddClass(attributeAst.TypeName);
        return AstVisitAction.Continue;
    }

    /// <summary>Notes a class that is found by text.</summary>
    public override AstVisitAction VisitConvertExpression(ConvertExpressionAst convertExpressionAst)
    {
        AddClassName(convertExpressionAst.Child, isType: convertExpressionAst.Type.TypeName.GetReflectionType() == typeof(Type));
        return AstVisitAction.Continue;
    }

    /// <inheritdoc cref="VisitConvertExpression"/>
    public override AstVisitAction VisitBinaryExpression(BinaryExpressionAst binaryExpressionAst)
    {
        bool asksForType = binaryExpressionAst.Operator is TokenKind.Is or TokenKind.IsNot or TokenKind.As;
        bool isToType = binaryExpressionAst is { Operator: TokenKind.As, Right: TypeExpressionAst { TypeName: var name } }
            && name.GetReflectionType() == typeof(Type);
        AddClassName(isToType ? binaryExpressionAst.Left : binaryExpressionAst.Right, asksForType);
        return AstVisitAction.Continue;
    }

    private static bool IsAssigned(VariableExpressionAst variable)
    {
        Ast target = variable;
        while (target.Parent is AttributedExpressionAst or ArrayLiteralAst)
        {
            target = target.Parent;
        }

        return target.Parent is AssignmentStatementAst { Operator: TokenKind.Equals } assignment && assignment.Left == target;
    }

    private static bool IsBound(VariableExpressionAst variable) => variable.Parent switch
    {
        ForEachStatementAst loop => loop.Variable == variable,
        ParameterAst parameter => parameter.Name == variable,
        _ => false,
    };

    private AstVisitAction VisitString(Ast text)
    {
        if (CapturedDrives.NameIn(text) is { } drive)
        {
            Drives.Add(drive);
        }

        string value = (text as StringConstantExpressionAst)?.Value ?? ((ExpandableStringExpressionAst)text).Value;
        UsesUnknown |= BuiltInProviders.IsPathInSession(value);
        return AstVisitAction.Continue;
    }

    /// <summary>Whether a function or block around it has a <c>$PSCmdlet</c>, which those with attributes have.</summary>
    private bool IsWithinAdvanced(Ast node)
    {
        for (Ast? outer = node; outer is not null && outer != root.Parent; outer = outer.Parent)
        {
            if (outer is ScriptBlockAst { ParamBlock: { } parameters }
                && (parameters.Attributes.Count > 0
                    || parameters.Parameters.Any(
                        static parameter => parameter.Attributes.Any(static attribute => attribute is AttributeAst))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsScriptBlock(ITypeName type) => type.GetReflectionType() == typeof(ScriptBlock);

    private void AddClass(ITypeName name)
    {
        if (name.GetReflectionType() is { } type)
        {
            AddClass(type);
        }
    }

    private void AddClass(Type type)
    {
        foreach (Type part in type.IsGenericType ? type.GetGenericArguments() : [])
        {
            AddClass(part);
        }

        if (type.GetElementType() is { } element)
        {
            AddClass(element);
        }
        else if (!type.IsEnum && ScriptClass.IsOne(type))
        {
            Classes.Add(type);
        }
    }

    private void AddClassNamedBy(CommandAst command)
    {
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            bool isFirst = i == 1 && command.CommandElements[i] is StringConstantExpressionAst;
            bool isNamed = command.CommandElements[i - 1] is CommandParameterAst { ParameterName: var parameter }
                && BuiltInParameters.Means(parameter, "TypeName");
            AddClassName(command.CommandElements[i], isFirst || isNamed);
        }
    }

    private void AddClassName(Ast text, bool isType)
    {
        if (isType
            && text is StringConstantExpressionAst { Value: var name }
            && LanguagePrimitives.TryConvertTo(name, out Type type)
            && ScriptClass.IsOne(type))
        {
            ClassNames.Add((type, text.Parent));
        }
    }

    private void AddVariablesNamedBy(CommandAst command)
    {
        StringConstantExpressionAst[] names = [.. command.CommandElements.Skip(1).OfType<StringConstantExpressionAst>()];
        foreach (StringConstantExpressionAst name in names)
        {
            Variables.Add(name.Value);
        }

        UsesUnknown |= command.Does(CommandEffect.ReadsVariable)
            && (names.Length == 0
                || names.Any(static name => WildcardPattern.ContainsWildcardCharacters(name.Value))
                || command.CommandElements.Skip(1).Any(
                    static element => element is not (StringConstantExpressionAst or CommandParameterAst { Argument: null })));
    }
}
