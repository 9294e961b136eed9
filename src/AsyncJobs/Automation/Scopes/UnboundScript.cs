using System.Runtime.CompilerServices;

namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Script blocks and functions cut loose from the session they were made in, so that any runspace can run them. File,
/// lines and columns stay what they were.
/// </summary>
internal static class UnboundScript
{
    private static readonly ConditionalWeakTable<Ast, ScriptBlock> Definitions = [];
    private static readonly ConditionalWeakTable<Ast, ScriptBlock> Blocks = [];

    /// <summary>
    /// A block that does the same in whichever runspace runs it. The same one each time, since PowerShell compiles each
    /// anew: a loop that starts the same block a thousand times has it compiled once.
    /// </summary>
    public static ScriptBlock Of(ScriptBlock block) => Blocks.GetValue(block.Ast, static ast => ast switch
    {
        ScriptBlockAst script => script.GetScriptBlock(),
        FunctionDefinitionAst function when !ParameterList.Of(function).Any() => function.Body.GetScriptBlock(),
        FunctionDefinitionAst function => BodyOf(function),
        _ => ScriptBlock.Create(ast.Extent.Text),
    });

    /// <summary>A script that defines a function, in the scope in which it is dot-sourced.</summary>
    public static ScriptBlock DefinitionOf(FunctionInfo function)
    {
        if (function.ScriptBlock.Ast is FunctionDefinitionAst definition
            && definition.Name.Equals(function.Name, StringComparison.OrdinalIgnoreCase))
        {
            return Definitions.GetValue(
                definition, static key => NamesTypes(key) ? Copy((FunctionDefinitionAst)key) : Parse(key, key.Extent.Text));
        }

        // Under another name than it was written with, or set through the function: drive.
        string keyword = function.CommandType == CommandTypes.Filter ? "filter" : "function";
        return Definitions.GetValue(
            function.ScriptBlock.Ast, key => Parse(key, $"{keyword} {BareName(function.Name)} {{{function.Definition}}}"));
    }

    /// <summary>Whether attributes name types: a copy of the syntax knows those that only the caller's session can find.</summary>
    private static bool NamesTypes(Ast function) => function.Find(
        static node => node is AttributeAst attribute && (attribute.PositionalArguments.Any(IsType) || attribute.NamedArguments.Any(static named => IsType(named.Argument))), searchNestedScriptBlocks: true) is not null;

    private static bool IsType(Ast argument) => argument.Find(static node => node is TypeExpressionAst, searchNestedScriptBlocks: false) is not null;

    private static ScriptBlock Copy(FunctionDefinitionAst function)
    {
        var body = new StatementBlockAst(function.Extent, [SyntaxCopy.WithTypes.Of(function)], traps: null);
        return new ScriptBlockAst(function.Extent, [.. UsingNamespaces.In(function.Root()).Select(UsingNamespaces.Copy)], paramBlock: null, body, isFilter: false).GetScriptBlock();
    }

    private static string BareName(string name) => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>The body of <c>function f($a) { ... }</c>, with <c>param($a)</c> where the brace was.</summary>
    private static ScriptBlock BodyOf(FunctionDefinitionAst function)
    {
        string parameters = string.Join(", ", ParameterList.Of(function).Select(parameter => parameter.Extent.Text));
        return Parse(function, $"param({parameters}) {function.Body.Extent.Text[1..^1]}");
    }

    /// <summary>
    /// Parses text where it stood: blank lines in front of it keep its position, and the file's using statements come first.
    /// </summary>
    private static ScriptBlock Parse(Ast origin, string text)
    {
        IScriptExtent extent = origin.Extent;
        string indent = new string('\n', extent.StartLineNumber - 1) + new string(' ', extent.StartColumnNumber - 1);
        ScriptBlockAst script = Parser.ParseInput(
            UsingNamespaces.TextOf(origin.Root()) + indent + text, extent.File, out _, out ParseError[] errors);
        return errors.Length == 0 ? script.GetScriptBlock() : throw new ParseException(errors);
    }
}
