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

    private static readonly ConditionalWeakTable<Ast, Text> Texts = [];

    // The functions of a file, by name.
    private static readonly ConditionalWeakTable<Ast, ILookup<string, FunctionDefinitionAst>> Definitions = [];

    // What a module's functions call is of the module, and stays as it is.
    private static readonly ConditionalWeakTable<Ast, object> OfModules = [];

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
        Text text = TextOf(callee);
        return text.MayBePart
            && ((isGivenBlocks && text.CallsValue)
                || (module is null ? Awaits(text, module, commands) : (bool)OfModules.GetValue(callee, _ => Awaits(text, module, commands))));
    }

    private static Text TextOf(Ast callee) => Texts.GetValue(callee, static callee => new Text(callee));

    // Looks at each function once, however they call each other.
    private static bool Awaits(Text first, PSModuleInfo? module, CommandInvocationIntrinsics commands)
    {
        var seen = new HashSet<Text> { first };
        var open = new Queue<(Text, PSModuleInfo?)>([(first, module)]);
        while (open.TryDequeue(out (Text Text, PSModuleInfo? Module) next))
        {
            if (next.Text.Suspends)
            {
                return true;
            }

            (string Name, CommandInfo? Meant)[] called = next.Module is null ? Find(next.Text) : SessionStateInvoker.Invoke(commands, next.Module.SessionState, () => Find(next.Text));
            foreach ((string name, CommandInfo? meant) in called)
            {
                if (meant is AliasInfo alias && Text.IsSuspending(alias.Definition))
                {
                    return true;
                }

                // What a block around it defines need not be there yet.
                (Ast, PSModuleInfo?)[] found = meant is FunctionInfo function ? [(function.ScriptBlock.Ast, function.ScriptBlock.Module)] : [];
                foreach ((Ast callee, PSModuleInfo? of) in found.Concat(next.Text.Defined(name, isThere: meant is not null).Select(callee => ((Ast)callee, next.Module))))
                {
                    if (TextOf(callee) is { MayBePart: true } text && seen.Add(text))
                    {
                        open.Enqueue((text, of));
                    }
                }
            }
        }

        return false;

        // The functions, and the aliases of what else there is; in a module those that only it sees, too.
        (string, CommandInfo?)[] Find(Text text) => Array.ConvertAll(
            text.Names, name => (name, First(name, Kinds) is var first && first is AliasInfo { Definition: var meant } ? First(meant, CommandTypes.Function) ?? first : first));

        CommandInfo? First(string name, CommandTypes kinds) => commands.GetCommands(name, kinds, nameIsPattern: false).FirstOrDefault();
    }

    /// <summary>What the text of a function or block says.</summary>
    private sealed class Text
    {
        private readonly ScriptBlockAst? _body;

        public Text(Ast callee)
        {
            if (((callee as FunctionDefinitionAst)?.Body ?? callee as ScriptBlockAst) is not { } body)
            {
                return;
            }

            CommandAst[] commands = [.. body.FindAll(node => node is CommandAst && IsIn(body, node), searchNestedScriptBlocks: true).Cast<CommandAst>()];
            MayBePart = MayBe(callee, body);
            CallsValue = commands.Any(CallSite.IsOfValue);
            Suspends = commands.Select(CallSite.NameOf).OfType<string>().Any(IsSuspending);
            Names = [.. commands.Where(CallSite.IsFirst).Select(CallSite.NameOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
            _body = body;
        }

        /// <summary>Whether it may run as a part of a coroutine.</summary>
        public bool MayBePart { get; }

        /// <summary>Whether it calls what a variable or the like holds.</summary>
        public bool CallsValue { get; }

        /// <summary>Whether it waits itself.</summary>
        public bool Suspends { get; }

        /// <summary>What it calls, by name.</summary>
        public string[] Names { get; } = [];

        public static bool IsSuspending(string name) => SuspendingCommands.Of(SuspensionPoints.Unqualified(name)) is not null;

        /// <summary>The functions of a name that it defines or, where there is no other, that what is around it does.</summary>
        public IEnumerable<FunctionDefinitionAst> Defined(string name, bool isThere) => Definitions
            .GetValue(_body!.Root(), static root => root.FindAll(static node => node is FunctionDefinitionAst, searchNestedScriptBlocks: true)
                .Cast<FunctionDefinitionAst>().ToLookup(static function => function.Name, StringComparer.OrdinalIgnoreCase))[name]
            .Where(function => !isThere || (function.Extent.StartOffset >= _body!.Extent.StartOffset && function.Extent.EndOffset <= _body.Extent.EndOffset));

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

        /// <summary>
        /// Not what is made for pipelines, nor what looks at the cmdlet that PowerShell makes of it, nor what sets variables of
        /// its callers by the number of their scope.
        /// </summary>
        private static bool MayBe(Ast callee, ScriptBlockAst body) => callee is not FunctionDefinitionAst { IsFilter: true } && body.DynamicParamBlock is null
            && body.Find(
                static node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && (name.Equals("input", StringComparison.OrdinalIgnoreCase) || name.Equals("PSCmdlet", StringComparison.OrdinalIgnoreCase))
                    || node is CommandParameterAst { ParameterName: { } parameter } && parameter.Equals("Scope", StringComparison.OrdinalIgnoreCase),
                searchNestedScriptBlocks: true) is null;
    }
}
