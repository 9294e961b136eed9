namespace AsyncJobs.Automation.Analysis;

/// <summary>Where variables are named by other than their syntax, and what kinds of names there are.</summary>
internal static class VariableNames
{
    private const string VariableDrive = "variable:";

    // Those of the web cmdlets, ours and the built-in ones, with their aliases.
    private static readonly (string Name, string Alias)[] OfWebCmdlets =
        [("SessionVariable", "SV"), ("ResponseHeadersVariable", "RHV"), ("StatusCodeVariable", "")];

    /// <summary>The constant name that Set-Variable and its kind are given, or null.</summary>
    public static string? NameArgumentOf(CommandAst command) =>
        command.CommandElements.ElementAtOrDefault(1) is StringConstantExpressionAst first ? first.Value
        : NamedArguments.Of(command)
            .Where(static named => BuiltInParameters.Means(named.Parameter, "Name"))
            .Select(static named => ConstantOf(named.Value))
            .FirstOrDefault();

    /// <summary>The number of the scope that a command names, one that makes or looks at variables; 0 for its own.</summary>
    public static int ScopeNumberOf(CommandAst command) =>
        command.Does(CommandEffect.NamesVariable)
            ? NamedArguments.Of(command)
                .Where(static named => BuiltInParameters.Means(named.Parameter, "Scope"))
                .Select(static named => int.TryParse($"{(named.Value as ConstantExpressionAst)?.Value}", out int number) ? number : 0)
                .FirstOrDefault()
            : 0;

    /// <summary>Whether PowerShell makes a variable in each scope by itself, or has one for all.</summary>
    public static bool IsAutomatic(string name) => AutomaticVariables.Are(name, VariableKind.Automatic);

    /// <summary>Whether a name is one of those of <c>$_</c>.</summary>
    public static bool IsUnderscore(string name) => AutomaticVariables.Are(name, VariableKind.Underscore);

    /// <summary>Whether it is one that foreach or switch sets by itself.</summary>
    public static bool IsOfLoop(string name) => AutomaticVariables.Are(name, VariableKind.OfLoop);

    /// <summary>A variable's name without <c>global:</c> and its kind.</summary>
    public static string Unqualified(VariablePath path) => path.UserPath[(path.UserPath.LastIndexOf(':') + 1)..];

    /// <summary>The constant names that a command is given for variables that it is to set.</summary>
    public static IEnumerable<string> SetBy(CommandAst command) => NamedArguments.Of(command)
        .Where(static named => IsSetting(named.Parameter))
        .Select(static named => ConstantOf(named.Value)?.TrimStart('+')).OfType<string>();

    /// <summary>The constant names that a table has for variables, which a command sets that is given it by <c>@table</c>.</summary>
    public static IEnumerable<string> SetBySplatting(HashtableAst table) =>
        table.KeyValuePairs.Select(static pair => SetByEntry(pair.Item1, pair.Item2)).OfType<string>();

    /// <summary>Those of an entry that is given its value later.</summary>
    public static IEnumerable<string> SetBySplatting(AssignmentStatementAst assignment) => assignment.Left switch
    {
        MemberExpressionAst { Member: var key } when SetByEntry(key, assignment.Right) is { } name => [name],
        IndexExpressionAst { Index: var key } when SetByEntry(key, assignment.Right) is { } name => [name],
        _ => [],
    };

    /// <summary>Whether a command gives each object that it writes a name for the stages behind it.</summary>
    public static bool NamesPipelineVariable(CommandAst command) => command.CommandElements.Any(IsPipelineVariable);

    /// <summary>Whether an element is that parameter.</summary>
    public static bool IsPipelineVariable(CommandElementAst element) => element is CommandParameterAst { ParameterName: { } name }
        && BuiltInParameters.Find(name)?.Use == CommonParameterUse.Pipeline;

    /// <summary>Whether a redirection is into a variable, as <c>&gt; variable:name</c>.</summary>
    public static bool IsIntoVariable(FileRedirectionAst redirection) => NameInDrive(redirection.Location) is not null;

    /// <summary>The name of a variable that is written as a path, as <c>variable:name</c>, or null.</summary>
    public static string? NameInDrive(Ast path) =>
        ConstantOf(path) is { } text && text.StartsWith(VariableDrive, StringComparison.OrdinalIgnoreCase)
        ? text[VariableDrive.Length..].TrimStart('\\', '/')
        : null;

    /// <summary>Whether a command sets a variable whose name is computed, or may be among parameters that are splatted.</summary>
    public static bool NamesComputed(CommandAst command) =>
        NamedArguments.Of(command).Any(static named => IsSetting(named.Parameter) && ConstantOf(named.Value) is null)
        || (NamedArguments.AreSplatted(command) && command.Does(CommandEffect.SetsVariables));

    /// <summary>Whether a parameter is one of those by which a command gives what it writes to somebody else, too.</summary>
    public static bool NamesStream(string parameter) =>
        IsNaming(parameter) || BuiltInParameters.Find(parameter)?.Use == CommonParameterUse.Buffer;

    private static bool IsSetting(string parameter) => IsNaming(parameter) || Array.Exists(
        OfWebCmdlets,
        known => BuiltInParameters.Means(parameter, known.Name) || parameter.Equals(known.Alias, StringComparison.OrdinalIgnoreCase));

    private static bool IsNaming(string parameter) =>
        BuiltInParameters.Find(parameter)?.Use is CommonParameterUse.Collecting or CommonParameterUse.Pipeline;

    private static string? SetByEntry(Ast key, StatementAst value)
    {
        ExpressionAst? expression = (value as PipelineAst)?.GetPureExpression() ?? (value as CommandExpressionAst)?.Expression;
        return ConstantOf(key) is { } parameter && IsSetting(parameter) ? ConstantOf(expression)?.TrimStart('+') : null;
    }

    private static string? ConstantOf(Ast? node) => (node as StringConstantExpressionAst)?.Value;
}
