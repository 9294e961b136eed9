using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Segments;

/// <summary>The statements by which a segment finds the block's scope as it was, and keeps it.</summary>
internal static class ScopeSnapshot
{
    private static readonly StatementAst StrictMode = Parse(
        $"if (${EngineNames.StrictMode} -eq 'off') {{ Microsoft.PowerShell.Core\\Set-StrictMode -Off }} elseif (${EngineNames.StrictMode}) {{ Microsoft.PowerShell.Core\\Set-StrictMode -Version ${EngineNames.StrictMode} }}");

    private static readonly PipelineAst Variables = (PipelineAst)Parse("Microsoft.PowerShell.Utility\\Get-Variable -Scope 0");
    private static readonly PipelineAst Aliases = (PipelineAst)Parse("Microsoft.PowerShell.Utility\\Get-Alias -Scope 0");
    private static readonly PipelineAst Functions = (PipelineAst)Parse("Microsoft.PowerShell.Management\\Get-ChildItem Function:");

    /// <summary>Makes aliases and strict mode again, which PowerShell drops with the scope of the last segment.</summary>
    public static IEnumerable<StatementAst> Restore(IScriptExtent extent, bool mayDefineFunctions)
    {
        yield return AstBuilder.Pipeline(extent, AstBuilder.Call(extent, RestoreAsyncCoroutineScopeCommand.Info, mayDefineFunctions ? [Parameter(extent, "Function", Functions)] : []));
        yield return (StatementAst)StrictMode.Copy();
    }

    /// <summary>Takes stock.</summary>
    public static StatementAst Keep(IScriptExtent extent, bool mayDefineFunctions) => AstBuilder.Pipeline(extent, AstBuilder.Call(
        extent,
        SaveAsyncCoroutineScopeCommand.Info,
        [
            Parameter(extent, "Variable", Variables),
            Parameter(extent, "Alias", Aliases),
            .. mayDefineFunctions ? [Parameter(extent, "Function", Functions)] : Array.Empty<CommandElementAst>(),
        ]));

    private static CommandParameterAst Parameter(IScriptExtent extent, string name, PipelineAst value) =>
        new(extent, name, new ParenExpressionAst(extent, (PipelineAst)value.Copy()), extent);

    private static StatementAst Parse(string text) => Parser.ParseInput(text, out _, out _).EndBlock.Statements[0];
}
