using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// Which functions and blocks await in their own statements, those of a ForEach-Object and of blocks that they call on the
/// spot among them, or call such that do, and may run as a part of the coroutine that calls them. The others run natively,
/// and an await in one turns the loop.
/// </summary>
internal static class AwaitingFunctions
{
    private const CommandTypes Kinds = CommandTypes.Alias | CommandTypes.Function;

    // What has been found out of a function is in its text, and in that of those it calls.
    private static readonly ConditionalWeakTable<Ast, Found> Known = [];

    /// <summary>Whether a function is one.</summary>
    /// <param name="function">The function.</param>
    /// <param name="commands">Where it is called.</param>
    /// <param name="isGivenBlocks">Whether it is given blocks that await, which it may call.</param>
    public static bool Contains(FunctionInfo function, CommandInvocationIntrinsics commands, bool isGivenBlocks) =>
        function is not FilterInfo && Contains(function.ScriptBlock.Ast, function.ScriptBlock.Module, commands, isGivenBlocks);

    /// <summary>Whether a function or block is one.</summary>
    /// <param name="callee">Its text.</param>
    /// <param name="module">The module that it is of, or null.</param>
    /// <param name="commands">Where it is called.</param>
    /// <param name="isGivenBlocks">Whether it may be given blocks that await, which it may call.</param>
    public static bool Contains(Ast callee, PSModuleInfo? module, CommandInvocationIntrinsics commands, bool isGivenBlocks)
    {
        if (!Known.TryGetValue(callee, out Found? known))
        {
            known = BodyOf(callee) is { } body && MayBePart(callee, body)
                ? new Found(Awaits(body, module, commands, []), CallsValue(body))
                : new Found(Awaits: false, CallsValue: false);
            Known.AddOrUpdate(callee, known);
        }

        return known.Awaits || (isGivenBlocks && known.CallsValue);
    }

    private static ScriptBlockAst? BodyOf(Ast callee) => (callee as FunctionDefinitionAst)?.Body ?? callee as ScriptBlockAst;

    private static bool Awaits(ScriptBlockAst body, PSModuleInfo? module, CommandInvocationIntrinsics commands, HashSet<ScriptBlockAst> seen)
    {
        if (!seen.Add(body))
        {
            return false;
        }

        ILookup<string, ScriptBlockAst> own = body.FindAll(static node => node is FunctionDefinitionAst, searchNestedScriptBlocks: true).Cast<FunctionDefinitionAst>()
            .ToLookup(static function => function.Name, static function => function.Body, StringComparer.OrdinalIgnoreCase);
        string[] names = [.. CommandsIn(body).Select(CallSite.NameOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.Any(Suspends)
            || names.SelectMany(name => own[name]).Any(called => Awaits(called, module, commands, seen))
            || Meant(names, module, commands).Any(command => command switch
            {
                AliasInfo { Definition: var meant } => Suspends(meant),
                FunctionInfo called => BodyOf(called.ScriptBlock.Ast) is { } text && Awaits(text, called.ScriptBlock.Module, commands, seen),
                _ => false,
            });

        static bool Suspends(string name) => SuspendingCommands.Of(SuspensionPoints.Unqualified(name)) is not null;
    }

    /// <summary>Whether it calls what a variable or the like holds.</summary>
    private static bool CallsValue(ScriptBlockAst body) => CommandsIn(body).Any(CallSite.IsOfValue);

    private static IEnumerable<CommandAst> CommandsIn(ScriptBlockAst body) =>
        body.FindAll(node => node is CommandAst && IsIn(body, node), searchNestedScriptBlocks: true).Cast<CommandAst>();

    /// <summary>Whether a node is in a body's own statements, or in blocks that may be a part of those.</summary>
    private static bool IsIn(ScriptBlockAst body, Ast node)
    {
        while (node != body)
        {
            Ast around = node.Parent is CommandParameterAst named ? named.Parent : node.Parent;
            if (node is FunctionDefinitionAst
                || (node is ScriptBlockExpressionAst block && !(around is CommandAst command && (CallSite.BlockOf(command) == block || CommandEffects.Do(SuspensionPoints.NameOf(command), CommandEffect.ForEach)))))
            {
                return false;
            }

            node = node.Parent;
        }

        return true;
    }

    /// <summary>The functions, and the aliases of what else there is, among what names stand for; in a module those that only it sees, too.</summary>
    private static CommandInfo?[] Meant(string[] names, PSModuleInfo? module, CommandInvocationIntrinsics commands)
    {
        return module is null ? Find() : SessionStateInvoker.Invoke(commands, module.SessionState, Find);

        CommandInfo?[] Find() => [.. names.Select(name => First(name, Kinds) is AliasInfo alias ? First(alias.Definition, CommandTypes.Function) ?? alias : First(name, Kinds))];

        CommandInfo? First(string name, CommandTypes kinds) => commands.GetCommands(name, kinds, nameIsPattern: false).FirstOrDefault();
    }

    /// <summary>
    /// Not what is made for pipelines, nor what looks at the cmdlet that PowerShell makes of it, nor what sets variables of
    /// its callers by the number of their scope.
    /// </summary>
    private static bool MayBePart(Ast callee, ScriptBlockAst body) => callee is not FunctionDefinitionAst { IsFilter: true } && body.DynamicParamBlock is null
        && body.Find(
            static node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && (name.Equals("input", StringComparison.OrdinalIgnoreCase) || name.Equals("PSCmdlet", StringComparison.OrdinalIgnoreCase))
                || node is CommandParameterAst { ParameterName: { } parameter } && parameter.Equals("Scope", StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: true) is null;

    private sealed record Found(bool Awaits, bool CallsValue);
}
