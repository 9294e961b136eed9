using System.Runtime.CompilerServices;

namespace AsyncJobs.Capture;

/// <summary>What a block's text says that a task of it needs; once for each block, however many tasks run it.</summary>
internal sealed class CapturePlan
{
    private const string ExitCode = "LASTEXITCODE";

    private static readonly ConditionalWeakTable<Ast, CapturePlan> Plans = [];

    private readonly HashSet<string> _commands = new(StringComparer.OrdinalIgnoreCase);

    private CapturePlan(Ast block)
    {
        Facts = BlockFacts.Of(block);
        foreach (VariableUse use in Facts.Variables)
        {
            Add(use);
        }

        foreach (CommandUse use in Facts.Commands)
        {
            Add(use);
        }

        CommandVariables.ExceptWith(CommandVariables.Where(HoldsOwnBlock).ToArray());
        Variables.ExceptWith(ParametersOf(block));
        if (block is TypeDefinitionAst)
        {
            Variables.Remove("this");
        }

        var classes = new HashSet<Type>();
        foreach (ITypeName name in Facts.Types)
        {
            AddClass(name.GetReflectionType(), classes);
        }

        Classes = classes;
        ClassDefinitions = [.. classes.Select(type => ClassDefinition.Find(block, type))];
        Drives = new(Facts.Strings.Select(DriveIn).OfType<string>(), StringComparer.OrdinalIgnoreCase);
        CallsValues = Facts.Commands.Any(static use => use.IsComputed || use.Node.CommandElements.Skip(1).Any(IsPartOfValue))
            || Facts.Members.Any(static member => MemberEffects.RunsScript(member));
    }

    /// <summary>What the block's text says.</summary>
    public BlockFacts Facts { get; }

    /// <summary>Variables read, without scope.</summary>
    public HashSet<string> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables read as <c>$global:</c> or <c>$script:</c>, with it.</summary>
    public HashSet<string> ScopedVariables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables assigned somewhere, so that the caller's may never be looked at.</summary>
    public HashSet<string> Assigned { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables that a loop or a call gives their values: parameters, and those of <c>foreach</c>.</summary>
    public HashSet<string> Bound { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Commands called by name, other than functions that the block defines itself.</summary>
    public IEnumerable<string> Commands =>
        _commands.Except(Facts.Functions.Select(static function => function.Node.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables that name a command: <c>&amp; $tool</c>.</summary>
    public HashSet<string> CommandVariables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it calls what a variable holds, or a part of that.</summary>
    public bool CallsValues { get; }

    /// <summary>Methods called on objects, with the variable that holds the object, or null for any other expression.</summary>
    public IEnumerable<(string? Variable, string Method)> Methods =>
        Facts.Members.OfType<InvokeMemberExpressionAst>().Select(MethodOf).OfType<(string?, string)>();

    /// <summary>The PowerShell classes that it names as types.</summary>
    public IReadOnlyCollection<Type> Classes { get; }

    /// <summary>The definitions of the PowerShell classes that it uses; null for one that stands elsewhere.</summary>
    public IReadOnlyList<TypeDefinitionAst?> ClassDefinitions { get; }

    /// <summary>Whether it calls static methods of PowerShell classes that belong to the session which defined them.</summary>
    public bool CallsStatic => Classes.Any(static type => !ScriptClass.RunsAnywhere(type)) && Facts.Members.Any(IsStaticCall);

    /// <summary>The modules that the script has by <c>using module</c>: names, or full paths.</summary>
    public IEnumerable<string> UsedModules =>
        from used in (Facts.Root as ScriptBlockAst)?.UsingStatements ?? Enumerable.Empty<UsingStatementAst>()
        where used is { UsingStatementKind: UsingStatementKind.Module, Name: not null }
        let name = used.Name.Value
        select name.IndexOfAny(['/', '\\']) < 0 ? name
            : Path.GetFullPath(name, Path.GetDirectoryName(used.Extent.File) ?? Environment.CurrentDirectory);

    /// <summary>Drives that its paths may begin with.</summary>
    public HashSet<string> Drives { get; }

    /// <summary>Whether it reads a <c>$PSCmdlet</c> that is not that of a function or block of its own.</summary>
    public bool UsesCallersCmdlet => Facts.Cmdlet is not null && !(Facts.Root is ScriptBlockAst block && BlockFacts.HasCmdlet(block));

    /// <summary>Text by which PowerShell classes are found: a task knows no such name.</summary>
    public IEnumerable<StringConstantExpressionAst> ClassNames => Facts.TypeTexts.Where(static text => ClassOf(text) is not null);

    /// <summary>The plan of a block, script or function.</summary>
    public static CapturePlan Of(Ast block) => Plans.GetValue(block, static key => new CapturePlan(key));

    /// <summary>The PowerShell class that is found by a text, or null.</summary>
    public static Type? ClassOf(StringConstantExpressionAst text) =>
        LanguagePrimitives.TryConvertTo(text.Value, out Type found) && ScriptClass.IsOne(found) ? found : null;

    private void Add(VariableUse use)
    {
        string path = use.Path.UserPath;
        if (use.Path.IsDriveQualified)
        {
            if (use.Path.DriveName.Equals("function", StringComparison.OrdinalIgnoreCase))
            {
                _commands.Add(use.Name);
            }
        }
        else if (use.Role == VariableRole.Assigned)
        {
            Assigned.Add(path);
        }
        else if (use.Role is VariableRole.Loop or VariableRole.Parameter)
        {
            Bound.Add(path);
        }
        else if (use.Path.IsGlobal || use.Path.IsScript)
        {
            ScopedVariables.Add(path);
        }
        else if (path.Equals(ExitCode, StringComparison.OrdinalIgnoreCase))
        {
            // Native commands set the session's; one in a scope of the task would hide it.
            ScopedVariables.Add("global:" + ExitCode);
        }
        else
        {
            Variables.Add(VariableNames.IsUnderscore(use.Name) ? "_" : use.Name);
        }
    }

    private void Add(CommandUse use)
    {
        if (use.Name is { } name)
        {
            _commands.Add(name);
            if (use.Does(CommandEffect.ReadsVariable | CommandEffect.ChangesVariable))
            {
                IEnumerable<CommandElementAst> arguments = use.Node.CommandElements.Skip(1);
                Variables.UnionWith(arguments.OfType<StringConstantExpressionAst>().Select(static text => text.Value));
            }
        }
        else if (use.Node.CommandElements[0] is VariableExpressionAst { VariablePath.IsDriveQualified: false } variable)
        {
            CommandVariables.Add(variable.VariablePath.UserPath);
        }
    }

    // Nothing but blocks that stand in the text, which is looked through with them.
    private bool HoldsOwnBlock(string variable) => !Bound.Contains(variable) && Assigned.Contains(variable) && Facts.Assignments
        .Where(assignment => assignment.Left is VariableExpressionAst { VariablePath.UserPath: { } name } && name.Equals(variable, StringComparison.OrdinalIgnoreCase))
        .All(static assignment => assignment is { Operator: TokenKind.Equals, Right: CommandExpressionAst { Expression: ScriptBlockExpressionAst } });

    private static bool IsPartOfValue(CommandElementAst argument) => argument is MemberExpressionAst or IndexExpressionAst;

    private static string? DriveIn(Ast text) =>
        DriveName.In((text as StringConstantExpressionAst)?.Value ?? (text as ExpandableStringExpressionAst)?.Value);

    private static (string? Variable, string Method)? MethodOf(InvokeMemberExpressionAst call) =>
        call is { Member: StringConstantExpressionAst { Value: var name }, Expression: not TypeExpressionAst }
            ? ((call.Expression as VariableExpressionAst)?.VariablePath.UserPath, name)
            : null;

    private static bool IsStaticCall(MemberExpressionAst node) => node is InvokeMemberExpressionAst
    {
        Static: true, Expression: TypeExpressionAst { TypeName: var name }, Member: StringConstantExpressionAst { Value: not "new" },
    }
        && name.GetReflectionType() is { } type && ScriptClass.IsOne(type);

    private static void AddClass(Type? type, HashSet<Type> classes)
    {
        foreach (Type part in type is { IsGenericType: true } ? type.GetGenericArguments() : [])
        {
            AddClass(part, classes);
        }

        if (type?.GetElementType() is { } element)
        {
            AddClass(element, classes);
        }
        else if (type is { IsEnum: false } && ScriptClass.IsOne(type))
        {
            classes.Add(type);
        }
    }

    private static IEnumerable<string> ParametersOf(Ast block)
    {
        Ast body = block is FunctionDefinitionAst { Body.ParamBlock: { } own } ? own : (block as ScriptBlockAst)?.ParamBlock ?? block;
        return ParameterList.Of(body).Select(static parameter => parameter.Name.VariablePath.UserPath);
    }
}
