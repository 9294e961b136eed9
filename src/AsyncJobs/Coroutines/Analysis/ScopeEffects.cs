namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// What the statements of a block may do to their scope besides assigning variables that can be seen in its text. Where
/// they do, stock is taken of the scope behind them.
/// </summary>
internal sealed class ScopeEffects
{
    private static readonly Dictionary<string, ScopeEffect> OfDrives = new(StringComparer.OrdinalIgnoreCase)
    {
        ["variable"] = ScopeEffect.Variables,
        ["alias"] = ScopeEffect.Aliases,
        ["function"] = ScopeEffect.Functions,
        ["env"] = ScopeEffect.None,
        ["temp"] = ScopeEffect.None,
        ["cert"] = ScopeEffect.None,
        ["hklm"] = ScopeEffect.None,
        ["hkcu"] = ScopeEffect.None,
    };

    private readonly ScriptBlockAst _block;
    private readonly BlockFacts _facts;
    private readonly bool _isCallers;
    private readonly HashSet<string> _outerToo;

    /// <param name="block">The block.</param>
    /// <param name="scope">What is known of its scope.</param>
    public ScopeEffects(ScriptBlockAst block, ScopeUse scope)
    {
        (_block, _isCallers, OfCalls) = (block, scope.IsCallers, scope.OfCalls);
        _facts = BlockFacts.Of(block);
        _outerToo = _facts.Variables.Where(use => (use.Path.IsGlobal || use.Path.IsScript) && _facts.Assigns(use.Name))
            .Select(static use => use.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

        // What functions do to scopes around theirs, and blocks that are called later: wherever anything is called.
        foreach (Ast inner in block.FindAll(static node => node is FunctionDefinitionAst or ScriptBlockExpressionAst, true))
        {
            OfCalls |= inner switch
            {
                FunctionDefinitionAst function => In(function.Body, NamesScope),
                ScriptBlockExpressionAst { Parent: not (CommandAst or CommandParameterAst) } later => In(later.ScriptBlock, static _ => true),
                _ => ScopeEffect.None,
            };
        }

        AreInBlock = OfCalls != ScopeEffect.None || new Visitor(this, isInTrap: false).In(block) != ScopeEffect.None;
    }

    /// <summary>Whether the block has any.</summary>
    public bool AreInBlock { get; }

    /// <summary>Those of calling anything in it.</summary>
    public ScopeEffect OfCalls { get; }

    /// <summary>Those of some of its statements, or of copies of these.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="isInTrap">Whether they are of a trap, which has a scope of its own.</param>
    public ScopeEffect Of(IEnumerable<StatementAst> statements, bool isInTrap) =>
        !AreInBlock ? ScopeEffect.None
        : statements.Aggregate(ScopeEffect.None, (effects, statement) => effects | new Visitor(this, isInTrap).In(statement));

    private ScopeEffect In(ScriptBlockAst body, Predicate<CommandAst> isOfInterest) => body
        .FindAll(static node => node is CommandAst or ConvertExpressionAst, searchNestedScriptBlocks: true)
        .Select(node => node switch
        {
            CommandAst command when isOfInterest(command) => OfCommand(command),
            ConvertExpressionAst cast when SyntaxFacts.IsReference(cast) && !IsOfVariableIn(body, cast) => ScopeEffect.NamedVariables,
            _ => ScopeEffect.None,
        })
        .Aggregate(ScopeEffect.None, static (all, one) => all | one);

    private static bool NamesScope(CommandAst command) =>
        command.IsGiven("Scope") || NamedArguments.AreSplatted(command);

    // Of a variable that has not been set there is no reference, and one that is further out may be meant. A trap has copies.
    private bool IsOfOwnVariable(ConvertExpressionAst reference, bool isInTrap) => !isInTrap && IsOfVariableIn(_block, reference);

    private static bool IsOfVariableIn(ScriptBlockAst block, ConvertExpressionAst reference) =>
        reference.Child is VariableExpressionAst { VariablePath: { IsUnscopedVariable: true, UserPath: var name } }
        && DefiniteAssignment.MakesVariable(block, name);

    private ScopeEffect OfVariable(VariablePath path) =>
        path.IsPrivate || path.IsLocal || (path.IsUnscopedVariable && _outerToo.Contains(path.UserPath))
            ? ScopeEffect.NamedVariables
            : ScopeEffect.None;

    private ScopeEffect OfCommand(CommandAst command)
    {
        if (command.InvocationOperator == TokenKind.Dot)
        {
            return CallSite.StatementsOf(command) is null ? ScopeEffect.Any : ScopeEffect.None;
        }

        CommandEffect does = command.GetCommandName() is { } name ? CommandEffects.Of(name) : CommandEffect.None;
        return (VariableNames.NamesComputed(command) ? ScopeEffect.Variables : ScopeEffect.None)
            | (does.HasFlag(CommandEffect.ChangesScope) ? ScopeEffect.Any : ScopeEffect.None)
            | (does.HasFlag(CommandEffect.SetsStrictMode) ? ScopeEffect.StrictMode : ScopeEffect.None)
            | (does.HasFlag(CommandEffect.ChangesAliases) ? ScopeEffect.Aliases : ScopeEffect.None)
            | (does.HasFlag(CommandEffect.MakesDrive) ? ScopeEffect.Drives : ScopeEffect.None)
            | ((does & CommandEffect.NamesVariable) != 0 ? OfNames(command, does) : ScopeEffect.None)
            | (does.HasFlag(CommandEffect.ChangesItems) ? OfPaths(command) : OfNamedDrives(command, does.HasFlag(CommandEffect.OnlyLooks)));
    }

    // Whether a variable is there can be seen of one that is made before it is assigned.
    private ScopeEffect OfNames(CommandAst command, CommandEffect does)
    {
        if (VariableNames.NameArgumentOf(command) is not { } variable)
        {
            bool makes = (does & (CommandEffect.ChangesVariable | CommandEffect.MakesVariable)) != 0;
            return makes ? ScopeEffect.Variables : ScopeEffect.NamedVariables;
        }

        bool matters = (does & (CommandEffect.MakesVariable | CommandEffect.RemovesVariable)) != 0
            || (does.HasFlag(CommandEffect.ReadsVariable) && (_isCallers || _facts.Assigns(variable)))
            || NamesScope(command) || command.IsGiven("Option");
        return matters ? ScopeEffect.NamedVariables : ScopeEffect.None;
    }

    private static ScopeEffect OfNamedDrives(CommandAst command, bool isRead) =>
        command.CommandElements.Any(static element => DriveOf(element) is "variable")
            ? isRead ? ScopeEffect.NamedVariables : ScopeEffect.Variables
            : ScopeEffect.None;

    private static ScopeEffect OfPaths(CommandAst command)
    {
        ScopeEffect effects = ScopeEffect.None;
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            CommandElementAst element = command.CommandElements[i];
            if (element is CommandParameterAst { Argument: null }
                || (command.CommandElements[i - 1] is CommandParameterAst { Argument: null } value && BuiltInParameters.Means(value.ParameterName, "Value")))
            {
                continue;
            }

            effects |= OfPath(element is CommandParameterAst { Argument: { } argument } ? argument : element);
        }

        // With no path it is what comes down the pipeline.
        bool hasPath = command.CommandElements.Skip(1).Any(static element => element is StringConstantExpressionAst);
        return effects == ScopeEffect.None && !hasPath ? ScopeEffect.Items : effects;
    }

    private static ScopeEffect OfPath(Ast path) => path switch
    {
        StringConstantExpressionAst { Value: var text } when text.Contains("::", StringComparison.Ordinal) => ScopeEffect.Items,
        StringConstantExpressionAst when DriveOf(path) is not { } drive => ScopeEffect.CurrentDrive,
        StringConstantExpressionAst => OfDrive(DriveOf(path)!),
        ArrayLiteralAst several => several.Elements.Aggregate(ScopeEffect.None, static (all, one) => all | OfPath(one)),
        ConstantExpressionAst => ScopeEffect.None,
        _ => ScopeEffect.Items,
    };

    private static ScopeEffect OfDrive(string drive) =>
        drive.Length == 1 ? ScopeEffect.None : OfDrives.GetValueOrDefault(drive, ScopeEffect.Items);

    private static string? DriveOf(Ast path) =>
        path is StringConstantExpressionAst { Value: var text } && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var at
            ? text[..at].ToLowerInvariant()
            : null;

    private sealed class Visitor(ScopeEffects of, bool isInTrap) : AstVisitor
    {
        private ScopeEffect _found;

        public ScopeEffect In(Ast node)
        {
            node.Visit(this);
            return _found;
        }

        // What it does comes when it is called.
        public override AstVisitAction VisitFunctionDefinition(FunctionDefinitionAst node) => AstVisitAction.SkipChildren;

        public override AstVisitAction VisitTrap(TrapStatementAst node)
        {
            _found |= new Visitor(of, isInTrap: true).In(node.Body);
            return AstVisitAction.SkipChildren;
        }

        public override AstVisitAction VisitCommand(CommandAst node)
        {
            _found |= of.OfCalls | of.OfCommand(node);
            return AstVisitAction.Continue;
        }

        public override AstVisitAction VisitInvokeMemberExpression(InvokeMemberExpressionAst node)
        {
            _found |= of.OfCalls;
            return AstVisitAction.Continue;
        }

        public override AstVisitAction VisitFileRedirection(FileRedirectionAst node)
        {
            _found |= VariableNames.IsIntoVariable(node) ? ScopeEffect.NamedVariables : ScopeEffect.None;
            return AstVisitAction.Continue;
        }

        public override AstVisitAction VisitConvertExpression(ConvertExpressionAst node)
        {
            _found |= SyntaxFacts.IsReference(node) && !of.IsOfOwnVariable(node, isInTrap) ? ScopeEffect.NamedVariables : ScopeEffect.None;
            return AstVisitAction.Continue;
        }

        public override AstVisitAction VisitAssignmentStatement(AssignmentStatementAst node)
        {
            if (node.Left is VariableExpressionAst { VariablePath: { IsVariable: false, DriveName: { } drive } })
            {
                _found |= OfDrive(drive);
            }

            return AstVisitAction.Continue;
        }

        public override AstVisitAction VisitVariableExpression(VariableExpressionAst node)
        {
            _found |= of.OfVariable(node.VariablePath);
            return AstVisitAction.Continue;
        }
    }
}
