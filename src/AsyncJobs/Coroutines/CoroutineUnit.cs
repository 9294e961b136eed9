using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>What all segments of one block have in common: its <c>using</c> lines and its module, and a supply of names.</summary>
internal sealed class CoroutineUnit(ScriptBlock source, ScriptBlockAst block, PSLanguageMode language)
{
    private readonly UsingStatementAst[] _usings = RootOf(source.Ast).UsingStatements
        .Where(static statement => statement.UsingStatementKind == UsingStatementKind.Namespace)
        .ToArray();

    public const string TemporaryPrefix = "__asyncJobs";

    private int _temporaryCount;

    private readonly Dictionary<string, TypeConstraintAst> _types = TypedLocals.In(block);

    public ScriptBlockAst Block { get; } = block;

    /// <summary>The mode in which all of it runs.</summary>
    public PSLanguageMode Language { get; } = language;

    /// <summary>Whether the block looks at <c>$?</c>.</summary>
    public bool UsesSuccess { get; } = SuccessStatus.IsUsedIn(block);

    /// <summary>Whether the block's scope has to be looked at after each segment.</summary>
    public bool KeepsScope { get; } = ScopeEffects.AreIn(block);

    /// <summary>Whether the block calls cmdlets that say where <c>$MyInvocation</c> is.</summary>
    public bool SaysWhere { get; } = block.Find(
        static node => node is CommandAst command && command.GetCommandName()?.StartsWith("Write-", StringComparison.OrdinalIgnoreCase) == true, true) is not null;

    /// <summary>Whether the block looks at <c>$PSBoundParameters</c>.</summary>
    public bool UsesBoundParameters { get; } = block.Find(
        static node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && name.Equals("PSBoundParameters", StringComparison.OrdinalIgnoreCase), true) is not null;

    /// <summary>The names of our cmdlets in it that the engine may do by itself, if they mean those where it starts.</summary>
    public HashSet<string> OwnCommands { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether assigning to a variable converts, since it is declared with a type elsewhere.</summary>
    public bool IsTyped(VariableExpressionAst variable) =>
        variable.VariablePath.IsUnscopedVariable && _types.ContainsKey(variable.VariablePath.UserPath);

    /// <summary>A value that is about to be assigned, converted to the type that its variable is declared with.</summary>
    /// <param name="place">What it is assigned to.</param>
    /// <param name="value">A new node.</param>
    public ExpressionAst Converted(ExpressionAst place, ExpressionAst value)
    {
        ExpressionAst bare = place is ConvertExpressionAst declaration ? declaration.Child : place;
        return bare is VariableExpressionAst variable && IsTyped(variable)
            ? new ConvertExpressionAst(value.Extent, (TypeConstraintAst)_types[variable.VariablePath.UserPath].Copy(), value)
            : value;
    }

    /// <summary>A name for a value between two steps, which no script is likely to use.</summary>
    public string NewTemporary() => TemporaryPrefix + ++_temporaryCount;

    public static bool IsTemporary(string name) => name.StartsWith(TemporaryPrefix, StringComparison.Ordinal);

    /// <summary>Compiles a block that sees the module, and the using lines, of where the coroutine's was written.</summary>
    public ScriptBlock Bind(IScriptExtent extent, ParamBlockAst? parameters, StatementBlockAst body)
    {
        var end = new NamedBlockAst(extent, TokenKind.End, body, unnamed: true);
        var compiled = new ScriptBlockAst(extent, _usings.Select(Copy).ToArray(), parameters, null, null, end, null);
        return source.Module is { } module ? module.NewBoundScriptBlock(compiled.GetScriptBlock()) : BoundToSession(compiled);
    }

    /// <summary>A block of the session's own state: it would run in that of a module where a module's function turns the loop.</summary>
    private static ScriptBlock BoundToSession(ScriptBlockAst compiled)
    {
        AsyncSession session = AsyncSession.Current;
        if (session.GlobalState is null)
        {
            return compiled.GetScriptBlock();
        }

        // A literal is bound to the state it is evaluated in.
        IScriptExtent extent = compiled.Extent;
        var literal = new StatementBlockAst(extent, [Factory.Write(extent, new ScriptBlockExpressionAst(extent, compiled))], null);
        ScriptBlock evaluate = new ScriptBlockAst(extent, paramBlock: null, literal, isFilter: false).GetScriptBlock();
        return (ScriptBlock)session.CurrentCommand!.InvokeCommand.InvokeScript(session.GlobalState, evaluate, [])[0].BaseObject;
    }

    // UsingStatementAst.Copy keeps the name, which has a parent already, and so throws.
    private static UsingStatementAst Copy(UsingStatementAst statement) =>
        new(statement.Extent, UsingStatementKind.Namespace, (StringConstantExpressionAst)statement.Name.Copy());

    private static ScriptBlockAst RootOf(Ast ast)
    {
        while (ast.Parent is not null)
        {
            ast = ast.Parent;
        }

        return (ScriptBlockAst)ast;
    }
}
