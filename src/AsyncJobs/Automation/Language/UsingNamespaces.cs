using System.Runtime.CompilerServices;

namespace AsyncJobs.Automation.Language;

/// <summary>
/// The <c>using namespace</c> statements of the file that a script stands in, for the names of types that only running shows.
/// </summary>
internal static class UsingNamespaces
{
    private static readonly ConditionalWeakTable<Ast, ScriptBlock> Scripts = [];
    private static readonly ScriptBlock None = ScriptBlock.Create(string.Empty);

    /// <summary>A script that has them take effect in the scope in which it is dot-sourced; null where there are none.</summary>
    public static ScriptBlock? Script(Ast script)
    {
        // A script that runs as a whole has its own.
        Ast root = script.Root();
        ScriptBlock statements = root == script ? None : Scripts.GetValue(root, Make);
        return statements == None ? null : statements;
    }

    /// <summary>The statements, each with what separates it from the next.</summary>
    public static string TextOf(Ast root) => string.Concat(In(root).Select(static statement => statement.Extent.Text + ";"));

    /// <summary>The statements.</summary>
    /// <param name="root">A whole script.</param>
    public static IEnumerable<UsingStatementAst> In(Ast root) =>
        (root as ScriptBlockAst)?.UsingStatements
            .Where(static statement => statement.UsingStatementKind == UsingStatementKind.Namespace) ?? [];

    /// <summary>A copy of one: its own <c>Copy</c> keeps the name, which has a parent already, and so throws.</summary>
    public static UsingStatementAst Copy(UsingStatementAst statement) =>
        new(statement.Extent, UsingStatementKind.Namespace, (StringConstantExpressionAst)statement.Name.Copy());

    private static ScriptBlock Make(Ast root) => TextOf(root) is { Length: > 0 } text ? ScriptBlock.Create(text) : None;
}
