using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// Which functions await in their own statements, those of a ForEach-Object among them, or call such that do, and may run
/// as a part of the coroutine that calls them. The others run natively, and an await in one turns the loop.
/// </summary>
internal static class AwaitingFunctions
{
    private const CommandTypes Kinds = CommandTypes.Alias | CommandTypes.Function;

    // What has been found out of a function is in its text, and in that of those it calls.
    private static readonly ConditionalWeakTable<FunctionDefinitionAst, object> Known = [];

    /// <summary>Whether a function is one.</summary>
    /// <param name="function">It.</param>
    /// <param name="commands">Where it is called.</param>
    public static bool Contains(FunctionInfo function, CommandInvocationIntrinsics commands) =>
        function is not FilterInfo && function.ScriptBlock.Ast is FunctionDefinitionAst definition && Contains(definition, function.ScriptBlock.Module, commands);

    /// <summary>Whether a function is one.</summary>
    /// <param name="function">Its text.</param>
    /// <param name="module">The module that it is of, or null.</param>
    /// <param name="commands">Where it is called.</param>
    public static bool Contains(FunctionDefinitionAst function, PSModuleInfo? module, CommandInvocationIntrinsics commands)
    {
        if (!Known.TryGetValue(function, out object? known))
        {
            known = MayBePart(function) && Awaits(function, module, commands, []);
            Known.AddOrUpdate(function, known);
        }

        return (bool)known;
    }

    private static bool Awaits(FunctionDefinitionAst function, PSModuleInfo? module, CommandInvocationIntrinsics commands, HashSet<FunctionDefinitionAst> seen)
    {
        if (!seen.Add(function))
        {
            return false;
        }

        string[] names = [.. function.Body.FindAll(node => node is CommandAst && IsIn(function.Body, node), searchNestedScriptBlocks: true)
            .Select(static node => SuspensionPoints.NameOf((CommandAst)node)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.Any(static name => SuspendingCommands.Of(SuspensionPoints.Unqualified(name)) is not null)
            || Functions(names, module, commands).Any(called => called.ScriptBlock.Ast is FunctionDefinitionAst definition && Awaits(definition, called.ScriptBlock.Module, commands, seen));
    }

    /// <summary>Whether a node is in a body's own statements, or in blocks of ForEach-Object, which may be a part of those.</summary>
    private static bool IsIn(ScriptBlockAst body, Ast node)
    {
        while (node != body)
        {
            Ast around = node.Parent is CommandParameterAst named ? named.Parent : node.Parent;
            if (node is FunctionDefinitionAst || (node is ScriptBlockExpressionAst && !(around is CommandAst command && CommandEffects.Do(SuspensionPoints.NameOf(command), CommandEffect.ForEach))))
            {
                return false;
            }

            node = node.Parent;
        }

        return true;
    }

    /// <summary>The functions among what names stand for, in a module those that only it sees, too.</summary>
    private static FunctionInfo[] Functions(string[] names, PSModuleInfo? module, CommandInvocationIntrinsics commands)
    {
        return module is null ? Find() : SessionStateInvoker.Invoke(commands, module.SessionState, Find);

        FunctionInfo[] Find() => [.. names.Select(name => commands.GetCommands(name, Kinds, nameIsPattern: false).FirstOrDefault()).OfType<FunctionInfo>()];
    }

    /// <summary>
    /// Not what is made for pipelines, nor what looks at the cmdlet that PowerShell makes of it, nor what sets variables of
    /// its callers by the number of their scope.
    /// </summary>
    private static bool MayBePart(FunctionDefinitionAst function) => !function.IsFilter && function.Body.DynamicParamBlock is null
        && function.Body.Find(
            static node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && (name.Equals("input", StringComparison.OrdinalIgnoreCase) || name.Equals("PSCmdlet", StringComparison.OrdinalIgnoreCase))
                || node is CommandParameterAst { ParameterName: { } parameter } && parameter.Equals("Scope", StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: true) is null;
}
