namespace AsyncJobs.Coroutines.Frames;

/// <summary>What all segments of one block have in common: its <c>using</c> lines and its module, and a supply of names.</summary>
/// <param name="source">The block.</param>
/// <param name="block">Its syntax.</param>
/// <param name="language">Its language mode.</param>
/// <param name="scope">What is known of its scope.</param>
/// <param name="names">What its command names mean.</param>
internal sealed class CompilationUnit(ScriptBlock source, ScriptBlockAst block, PSLanguageMode language, ScopeUse scope, CommandNames names)
{
    private readonly UsingStatementAst[] _usings = [.. UsingNamespaces.In(source.Ast.Root())];

    public const string AnonymousFrame = "<ScriptBlock>";

    private int _temporaryCount;

    private readonly Dictionary<string, TypeConstraintAst> _types = scope.IsCallers ? [] : TypedLocals.In(block);

    public ScriptBlockAst Block { get; } = block;

    /// <summary>What stack traces call the frame of what is compiled now.</summary>
    public string FrameName { get; set; } = source.Ast is FunctionDefinitionAst { Name: var name } ? name : AnonymousFrame;

    /// <summary>The module that it is of, or null.</summary>
    public PSModuleInfo? Module => source.Module;

    /// <summary>The name of the function that it is of, or null.</summary>
    public string? FunctionName { get; } = (source.Ast as FunctionDefinitionAst)?.Name;

    /// <summary>The mode in which all of it runs.</summary>
    public PSLanguageMode Language { get; } = language;

    /// <inheritdoc cref="BlockTypes.Copies"/>
    public SyntaxCopy Copies { get; } = BlockTypes.Copies(source.Ast, block);

    /// <summary>Whether the block looks at <c>$?</c>.</summary>
    public bool UsesSuccess { get; } = BlockFacts.Of(block).Names("?");

    /// <summary>Whether its commands name scopes further out than the one around it.</summary>
    public bool NamesFurtherScopes { get; } = BlockFacts.Of(block).Commands.Any(static use => VariableNames.ScopeNumberOf(use.Node) > 1);

    /// <summary>What its statements do to its scope that their text does not show.</summary>
    public ScopeEffects ScopeEffects { get; } = new(block, scope);

    /// <summary>What is known of its scope.</summary>
    public ScopeUse Scope { get; } = scope;

    /// <summary>Whether the block looks at <c>$MyInvocation</c>.</summary>
    public bool UsesInvocation { get; } = BlockFacts.Of(block).Names("MyInvocation");

    /// <summary>Whether the block looks there, or calls cmdlets that do.</summary>
    public bool SaysWhere => UsesInvocation || _callsWriters;

    private readonly bool _callsWriters = BlockFacts.Of(block).Commands.Any(static command => command.Does(CommandEffect.ShowsUser));

    /// <summary>Whether the block looks at the <c>$PSCmdlet</c> of whoever starts it; it has none of its own.</summary>
    public bool UsesCmdlet { get; } = BlockFacts.Of(block).Cmdlet is not null;

    /// <summary>Whether the block assigns to <c>$_</c> or <c>$args</c>.</summary>
    public bool AssignsAutomatics { get; } = AssignedAutomatics.In(block, names) is not null;

    /// <summary>Whether the block has <c>$using:</c> expressions.</summary>
    public bool UsesUsing { get; } = BlockFacts.Of(block).UsingExpressions.Count > 0;

    /// <summary>Whether the block looks at <c>$PSBoundParameters</c>, by which PowerShell also finds the values of <c>$using:</c>.</summary>
    public bool UsesBoundParameters => UsesUsing || _namesBoundParameters;

    private readonly bool _namesBoundParameters = BlockFacts.Of(block).Names("PSBoundParameters");

    /// <summary>Whether what is compiled now is a block of ForEach-Object, in which PowerShell looks all variables up by name.</summary>
    public bool IsInBlock { get; set; }

    /// <summary>Whether what is compiled now stands in a catch, perhaps one around the whole block, with blocks that throw again what is caught.</summary>
    public bool IsInCatch { get; set; } = IsWithinCatch(source.Ast) && block.Find(static node => node is ThrowStatementAst { Pipeline: null }, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether what is compiled now is the body of a trap, which has a scope of its own.</summary>
    public bool IsInTrap { get; set; }

    /// <summary>The names of our cmdlets in it that the engine may do by itself, if they mean those where it starts.</summary>
    public HashSet<string> IntrinsicCommands { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether assigning to a variable converts, since it is declared with a type elsewhere.</summary>
    public bool IsTyped(VariableExpressionAst variable) =>
        !IsInTrap && variable.VariablePath.IsUnscopedVariable && _types.ContainsKey(variable.VariablePath.UserPath);

    /// <summary>Whether a variable is a <see cref="BlockVariable"/>, which does that by itself.</summary>
    public bool Converts(VariableExpressionAst variable) => !IsInTrap && variable.VariablePath.IsUnscopedVariable && TypeOf(variable.VariablePath.UserPath) is not null;

    /// <summary>A variable of the block.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="isSet">Whether it is there before it is assigned.</param>
    /// <param name="outer">The one further out that it reads as before that, where it may make a difference which it is.</param>
    public PSVariable NewVariable(string name, object? value, bool isSet, PSVariable? outer)
    {
        Type? type = TypeOf(name);
        return type is null && isSet && outer is null ? new PSVariable(name, value) : new BlockVariable(name, value, type, isSet, outer);
    }

    /// <summary>A variable that PowerShell has made, or one that converts in its place.</summary>
    public PSVariable Typed(PSVariable variable) => variable is not BlockVariable && variable.Options == ScopedItemOptions.None && TypeOf(variable.Name) is { } type
        ? new BlockVariable(variable.Name, variable.Value, type, isSet: true)
        : variable;

    private static bool IsWithinCatch(Ast? node) => node is not null && (node is CatchClauseAst || IsWithinCatch(node.Parent));

    // A class of the block may not be there yet.
    private Type? TypeOf(string name) =>
        _types.Count > 0 && _types.TryGetValue(name, out TypeConstraintAst? constraint) ? constraint.TypeName.GetReflectionType() : null;

    /// <summary>What is assigned to, without the types of variables that convert by themselves: declaring these again would change them.</summary>
    /// <param name="place">A new node.</param>
    public ExpressionAst WithoutTypes(ExpressionAst place) => place switch
    {
        ConvertExpressionAst { Child: VariableExpressionAst variable } when Converts(variable) => (ExpressionAst)variable.Copy(),
        ArrayLiteralAst several when several.Elements.Any(static element => element is ConvertExpressionAst or ArrayLiteralAst) =>
            new ArrayLiteralAst(place.Extent, [.. several.Elements.Select(element => WithoutTypes((ExpressionAst)element.Copy()))]),
        _ => place,
    };

    /// <summary>A value that is about to be assigned, converted to the type that its variable is declared with.</summary>
    /// <param name="place">What it is assigned to.</param>
    /// <param name="value">A new node.</param>
    public ExpressionAst Converted(ExpressionAst place, ExpressionAst value)
    {
        ExpressionAst bare = place is ConvertExpressionAst declaration ? declaration.Child : place;
        return bare is VariableExpressionAst variable && IsTyped(variable) && !Converts(variable)
            ? new ConvertExpressionAst(value.Extent, (TypeConstraintAst)_types[variable.VariablePath.UserPath].Copy(), value)
            : value;
    }

    /// <summary>A name for a value between two steps, which no script is likely to use.</summary>
    public string NewTemporary() => OwnNames.Prefix + ++_temporaryCount;

    /// <summary>Compiles a block that sees the module, and the using lines, of where the coroutine's was written.</summary>
    public ScriptBlock Bind(IScriptExtent extent, ParamBlockAst? parameters, StatementBlockAst body, string? frameName = null, NamedBlockAst? dynamic = null)
    {
        var end = new NamedBlockAst(extent, TokenKind.End, body, unnamed: true);
        var compiled = new ScriptBlockAst(extent, _usings.Select(UsingNamespaces.Copy).ToArray(), parameters, null, null, end, dynamic);
        StatementAst? within = Has<TypeDefinitionAst>() ? null
            : frameName is not (null or AnonymousFrame) ? new FunctionDefinitionAst(extent, isFilter: false, isWorkflow: false, frameName, null, compiled)
            : Has<ScriptBlockAst>() ? AstBuilder.Write(extent, new ScriptBlockExpressionAst(extent, compiled))
            : null;
        if (within is not null)
        {
            // Help is looked for in the comments of the whole script. Classes are made only by what is a whole script itself.
            _ = new ScriptBlockAst(Block.Root().Extent, paramBlock: null, new StatementBlockAst(extent, [within], null), isFilter: false);
        }

        ScriptBlock block = compiled.GetScriptBlock();
        return Module is not null ? Module.NewBoundScriptBlock(block)
            : RunspaceLoop.Current.GlobalState is { } home ? BoundScript.Of(home, block)
            : block;

        bool Has<T>() => body.Find(static node => node is T, searchNestedScriptBlocks: true) is not null;
    }
}
