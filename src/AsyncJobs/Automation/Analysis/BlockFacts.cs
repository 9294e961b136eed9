using System.Runtime.CompilerServices;

namespace AsyncJobs.Automation.Analysis;

/// <summary>
/// What the text of a block says, whoever runs it and wherever: found in one pass, once for each piece of syntax. What its
/// names stand for is for others to find out.
/// </summary>
internal sealed partial class BlockFacts
{
    private static readonly ConditionalWeakTable<Ast, BlockFacts> Known = [];

    private readonly List<VariableUse> _variables = [];
    private readonly List<CommandUse> _commands = [];
    private readonly List<FunctionUse> _functions = [];
    private readonly List<AssignmentStatementAst> _assignments = [];
    private readonly List<MemberExpressionAst> _members = [];
    private readonly List<Ast> _strings = [];
    private readonly List<ITypeName> _types = [];
    private readonly List<StringConstantExpressionAst> _typeTexts = [];
    private readonly List<TypeDefinitionAst> _typeDefinitions = [];
    private readonly List<UsingExpressionAst> _usingExpressions = [];
    private readonly List<string> _otherAssigned = [];
    private readonly HashSet<string> _assigned;
    private HashSet<string>? _outerAssigned;

    // What commands name in a scope around.
    private readonly List<string> _furtherOut = [];

    // What matching with regular expressions sets.
    private readonly List<string> _matches = [];

    private BlockFacts(Ast root)
    {
        Root = root;
        foreach (Ast node in root.FindAll(static _ => true, searchNestedScriptBlocks: true))
        {
            Read(node);
        }

        Cmdlet = Find("PSCmdlet", use => !IsOfInner(use.Node));
        IEnumerable<VariableUse> locals = _variables.Where(static use => use.IsLocal);
        _assigned = NamesOf(locals.Where(static use => use.IsAssigned), _otherAssigned.Concat(_matches));
        Mentioned = NamesOf(locals, _furtherOut.Concat(_matches));
        MentionsThis = locals.Any(static use => use.Name.Equals("this", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The block.</summary>
    public Ast Root { get; }

    /// <summary>Where variables are named, in blocks, functions and strings within it too.</summary>
    public IReadOnlyList<VariableUse> Variables => _variables;

    /// <summary>The variables that it makes its own: that it assigns, in whichever way, other than automatic ones.</summary>
    public IReadOnlyCollection<string> Assigned => _assigned;

    /// <summary>The names of all variables that it assigns or reads, other than automatic ones.</summary>
    public IReadOnlyCollection<string> Mentioned { get; }

    /// <summary>Whether it looks at the object whose method it is started in.</summary>
    public bool MentionsThis { get; }

    /// <summary>The commands that it calls.</summary>
    public IReadOnlyList<CommandUse> Commands => _commands;

    /// <summary>The functions that it defines, not those of classes; whether each is in its own statements.</summary>
    public IReadOnlyList<FunctionUse> Functions => _functions;

    /// <summary>Its assignments.</summary>
    public IReadOnlyList<AssignmentStatementAst> Assignments => _assignments;

    /// <summary>Where it uses members of objects or types.</summary>
    public IReadOnlyList<MemberExpressionAst> Members => _members;

    /// <summary>Its strings, also those that are expanded.</summary>
    public IReadOnlyList<Ast> Strings => _strings;

    /// <summary>The types that it names as types.</summary>
    public IReadOnlyList<ITypeName> Types => _types;

    /// <summary>Where it names a type by text.</summary>
    public IReadOnlyList<StringConstantExpressionAst> TypeTexts => _typeTexts;

    /// <summary>The classes and enums in its own statements.</summary>
    public IReadOnlyList<TypeDefinitionAst> TypeDefinitions => _typeDefinitions;

    /// <summary>Its <c>$using:</c> expressions.</summary>
    public IReadOnlyList<UsingExpressionAst> UsingExpressions => _usingExpressions;

    /// <summary>
    /// Where its own statements assign to <c>$_</c> or <c>$args</c>, which PowerShell makes new for each call of a block; null
    /// for nowhere.
    /// </summary>
    public Ast? AssignedAutomatic => _variables.Find(static use => use.IsOwn
        && use.Role is VariableRole.Assigned or VariableRole.Changed
        && (VariableNames.IsUnderscore(use.Path.UserPath) || use.Path.UserPath.Equals("args", StringComparison.OrdinalIgnoreCase)))?.Node;

    /// <summary>Whether PowerShell looks its variables up by name, all of them, instead of compiling them as locals.</summary>
    public bool IsDynamic { get; private set; }

    /// <summary>Whether it may remove functions.</summary>
    public bool MayRemoveFunctions { get; private set; }

    /// <summary>Whether it may call commands, or read variables, whose names are not in its text.</summary>
    public bool ReachesUnnamed { get; private set; }

    /// <summary>What it may leave behind in the runspace, not counting what commands other than PowerShell's own do.</summary>
    public RunspaceEffect RunspaceEffect { get; private set; }

    /// <summary>Where it names a <c>$PSCmdlet</c> that is not that of a function or block in it; null for nowhere.</summary>
    public Ast? Cmdlet { get; }

    /// <summary>The facts of a block, function or script, or of a part of one.</summary>
    public static BlockFacts Of(Ast block) => Known.GetValue(block, static key => new BlockFacts(key));

    /// <summary>Whether a variable is one of those that it makes its own.</summary>
    public bool Assigns(string variable) => _assigned.Contains(variable);

    /// <summary>Whether it assigns a variable of the global scope or that of its script, named with its scope.</summary>
    public bool AssignsOuter(string variable) => (_outerAssigned ??= _variables
        .Where(static use => use.IsAssigned && (use.Path.IsGlobal || use.Path.IsScript))
        .Select(static use => use.Name)
        .ToHashSet(StringComparer.OrdinalIgnoreCase)).Contains(variable);

    /// <summary>Whether it names a variable.</summary>
    public bool Names(string variable) => Find(variable) is not null;

    /// <summary>The first place where it names a variable as its own or a caller's; null for nowhere.</summary>
    public Ast? Find(string variable, Func<VariableUse, bool>? where = null) => _variables
        .Find(use => use.Path.UserPath.Equals(variable, StringComparison.OrdinalIgnoreCase) && where?.Invoke(use) != false)?.Node;

    /// <summary>The place that stands before all others where a variable is named, whatever the scope; null for none.</summary>
    public VariableExpressionAst? FirstUse(string name) => _variables
        .Where(use => use.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .MinBy(static use => use.Node.Extent.StartOffset)?.Node;

    /// <summary>Whether PowerShell makes a cmdlet of a block.</summary>
    public static bool HasCmdlet(ScriptBlockAst block) =>
        ParametersOf(block).Any(static parameter => parameter.Attributes.Any(static attribute => IsNamed(attribute, "Parameter")))
        || block.ParamBlock?.Attributes.Any(static attribute => IsNamed(attribute, "CmdletBinding")) == true;

    /// <summary>Whether a block may be given pipeline input: a cmdlet with no parameter for that refuses it.</summary>
    public static bool MayGetInput(ScriptBlockAst block) => !HasCmdlet(block) || ParametersOf(block)
        .SelectMany(static parameter => parameter.Attributes).OfType<AttributeAst>().SelectMany(static attribute => attribute.NamedArguments)
        .Any(static argument => argument.ArgumentName.StartsWith("ValueFromPipeline", StringComparison.OrdinalIgnoreCase));

    private static HashSet<string> NamesOf(IEnumerable<VariableUse> uses, IEnumerable<string>? others = null) => uses
        .Select(static use => use.Name)
        .Concat(others ?? [])
        .Where(static name => !VariableNames.IsAutomatic(name))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<ParameterAst> ParametersOf(ScriptBlockAst block) =>
        block.ParamBlock?.Parameters ?? (block.Parent is FunctionDefinitionAst function ? PowerShell7.ParametersOf(function) : []);

    private static bool IsNamed(AttributeBaseAst attribute, string name) => attribute is AttributeAst
        && (attribute.TypeName.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || attribute.TypeName.Name.Equals(name + "Attribute", StringComparison.OrdinalIgnoreCase));

    private bool IsOfInner(Ast node)
    {
        for (Ast? outer = node.Parent; outer is not null && outer != Root; outer = outer.Parent)
        {
            if (outer is ScriptBlockAst inner && HasCmdlet(inner))
            {
                return true;
            }
        }

        return false;
    }
}
