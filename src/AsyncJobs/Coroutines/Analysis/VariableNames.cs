using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>The names of a block's variables: those it assigns become its own, those it only reads are captured.</summary>
internal sealed class VariableNames
{
    private const string VariableDrive = "variable:";

    private readonly HashSet<string> _assigned = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _mentioned = new(StringComparer.OrdinalIgnoreCase);

    public VariableNames(Ast block)
    {
        foreach (Ast node in block.FindAll(static _ => true, searchNestedScriptBlocks: true))
        {
            Look(node);
        }

        MentionsThis = _mentioned.Contains("this");
        _assigned.RemoveWhere(IsAutomatic);
        _mentioned.RemoveWhere(IsAutomatic);
    }

    public IReadOnlyCollection<string> Assigned => _assigned;

    /// <summary>The variables of its foreach loops: they are its own from there on, even if there was nothing to go over.</summary>
    public HashSet<string> OfForEach { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the block looks at the object whose method it is started in.</summary>
    public bool MentionsThis { get; }

    /// <summary>All that the block names, assigned or read.</summary>
    public IReadOnlyCollection<string> Mentioned => _mentioned;

    /// <summary>The constant name that Set-Variable and its kind are given, or null.</summary>
    public static string? NameArgumentOf(CommandAst command) => command.CommandElements.ElementAtOrDefault(1) is StringConstantExpressionAst first
        ? first.Value
        : NamedArguments.Of(command)
            .Where(static named => BuiltInParameters.Means(named.Parameter, "Name"))
            .Select(static named => ConstantOf(named.Value))
            .FirstOrDefault();

    /// <summary>Whether PowerShell makes a variable in each scope by itself, or has one for all.</summary>
    public static bool IsAutomatic(string name) => AutomaticVariables.Are(name, VariableKind.Automatic);

    /// <summary>Whether a name is one of those of <c>$_</c>.</summary>
    public static bool IsUnderscore(string name) => AutomaticVariables.Are(name, VariableKind.Underscore);

    /// <summary>Whether it is one that foreach or switch sets by itself.</summary>
    public static bool IsOfLoop(string name) => AutomaticVariables.Are(name, VariableKind.OfLoop);

    /// <summary>A variable's name without <c>global:</c> and its kind.</summary>
    public static string Unqualified(VariablePath path) => path.UserPath[(path.UserPath.LastIndexOf(':') + 1)..];

    /// <summary>The variables that a piece of a block assigns.</summary>
    public static IReadOnlyCollection<string> AssignedIn(Ast node) => new VariableNames(node).Assigned;

    /// <summary>Whether a command gives each object that it writes a name for the stages behind it.</summary>
    public static bool NamesPipelineVariable(CommandAst command) => command.CommandElements.Any(IsPipelineVariable);

    /// <summary>Whether an element is that parameter.</summary>
    public static bool IsPipelineVariable(CommandElementAst element) => element is CommandParameterAst { ParameterName: { } name }
        && BuiltInParameters.Find(name)?.Use == CommonParameterUse.Pipeline;

    /// <summary>Whether a redirection is into a variable, as <c>&gt; variable:name</c>.</summary>
    public static bool IsIntoVariable(FileRedirectionAst redirection) => NameInDrive(redirection.Location) is not null;

    /// <summary>The name of a variable that is written as a path, as <c>variable:name</c>, or null.</summary>
    public static string? NameInDrive(Ast path) => path is StringConstantExpressionAst { Value: { } text } && text.StartsWith(VariableDrive, StringComparison.OrdinalIgnoreCase)
        ? text[VariableDrive.Length..].TrimStart('\\', '/')
        : null;

    /// <summary>Whether a command sets a variable whose name is computed.</summary>
    public static bool NamesComputed(CommandAst command) =>
        NamedArguments.Of(command).Any(static named => IsNaming(named.Parameter) && ConstantOf(named.Value) is null);

    /// <summary>Whether a parameter is one of those by which a command gives what it writes to somebody else, too.</summary>
    public static bool NamesStream(string parameter) => IsNaming(parameter) || BuiltInParameters.Find(parameter)?.Use == CommonParameterUse.Buffer;

    private static bool IsNaming(string parameter) =>
        BuiltInParameters.Find(parameter)?.Use is CommonParameterUse.Collecting or CommonParameterUse.Pipeline;

    private static string? ConstantOf(Ast? node) => (node as StringConstantExpressionAst)?.Value;

    private void Look(Ast node)
    {
        switch (node)
        {
            case VariableExpressionAst variable when IsLocal(variable):
                _mentioned.Add(NameOf(variable));
                break;
            case AssignmentStatementAst assignment:
                AddTargets(assignment.Left);
                break;
            case ForEachStatementAst loop:
                AddTargets(loop.Variable);
                OfForEach.Add(NameOf(loop.Variable));
                _assigned.Add("foreach");
                break;
            case UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus } change:
                AddTargets(change.Child);
                break;
            case SwitchStatementAst choice:
                _assigned.Add("switch");
                if (choice.Flags.HasFlag(SwitchFlags.Regex))
                {
                    AddMatches();
                }

                break;
            case BinaryExpressionAst { Operator: TokenKind.Imatch or TokenKind.Cmatch or TokenKind.Inotmatch or TokenKind.Cnotmatch }:
                AddMatches();
                break;
            case DataStatementAst { Variable: { } data }:
                _assigned.Add(data);
                break;
            case CommandAst command:
                LookAt(command);
                break;
            case FileRedirectionAst redirection when NameInDrive(redirection.Location) is { } written:
                _assigned.Add(written);
                break;
        }
    }

    private void AddMatches()
    {
        _assigned.Add("Matches");
        _mentioned.Add("Matches");
    }

    private void LookAt(CommandAst command)
    {
        if (command.Does(CommandEffect.WritesVariable) && NameArgumentOf(command) is { } target)
        {
            _assigned.Add(target);
        }

        foreach ((string parameter, Ast? value) in NamedArguments.Of(command))
        {
            if (IsNaming(parameter) && ConstantOf(value) is { } variable)
            {
                _assigned.Add(variable.TrimStart('+'));
            }
        }
    }

    private void AddTargets(Ast target)
    {
        foreach (VariableExpressionAst variable in TargetsOf(target).Where(IsLocal))
        {
            _assigned.Add(NameOf(variable));
        }
    }

    /// <summary>The variables that an assignment's left side is made of.</summary>
    public static IEnumerable<VariableExpressionAst> TargetsOf(Ast target) => target switch
    {
        VariableExpressionAst variable => [variable],
        AttributedExpressionAst attributed => TargetsOf(attributed.Child),
        ArrayLiteralAst list => list.Elements.SelectMany(TargetsOf),
        ParenExpressionAst { Pipeline: { } inner } when SyntaxFacts.AsExpression(inner) is { } expression => TargetsOf(expression),
        _ => [],
    };

    private static bool IsLocal(VariableExpressionAst variable) =>
        variable.VariablePath is { IsVariable: true } path && (path.IsUnscopedVariable || path.IsLocal || path.IsPrivate);

    private static string NameOf(VariableExpressionAst variable) => Unqualified(variable.VariablePath);
}
