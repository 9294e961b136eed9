namespace AsyncJobs.Automation.Language;

/// <summary>Makes the few nodes that the engine adds; each in the place of a node of the script.</summary>
internal static class AstBuilder
{
    // A dot-sourcing, even a dead one, makes PowerShell keep a block's variables as PSVariable objects.
    private static readonly StatementAst Unoptimized = Parser.ParseInput("if (0) { . {} }", out _, out _).EndBlock.Statements[0];

    /// <summary><c>$name</c></summary>
    public static VariableExpressionAst Variable(IScriptExtent extent, string name) => new(extent, name, splatted: false);

    /// <summary><c>$name = value</c></summary>
    public static AssignmentStatementAst Assign(IScriptExtent extent, string name, StatementAst value) =>
        new(extent, Variable(extent, name), TokenKind.Equals, value, extent);

    /// <summary><c>&amp; cmdlet</c>, by the cmdlet itself: a script cannot have replaced it.</summary>
    public static CommandAst Call(IScriptExtent extent, object command, params CommandElementAst[] arguments) =>
        Call(extent, command, [], arguments);

    public static CommandAst Call(
        IScriptExtent extent, object command, IEnumerable<RedirectionAst> redirections, CommandElementAst[] arguments) =>
        new(extent, [new ConstantExpressionAst(extent, command), .. arguments], TokenKind.Ampersand, redirections);

    public static PipelineAst Pipeline(IScriptExtent extent, params CommandBaseAst[] elements) => new(extent, elements);

    public static PipelineAst Write(IScriptExtent extent, ExpressionAst expression) =>
        new(extent, new CommandExpressionAst(extent, expression, null));

    /// <summary>A statement that does nothing, and keeps the variables of the block it is in as PSVariable objects.</summary>
    public static StatementAst KeepVariables() => (StatementAst)Unoptimized.Copy();
}
