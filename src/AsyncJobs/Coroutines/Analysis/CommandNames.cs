using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// What a block's command names mean where it is started: a script may have an alias or a function in the place of one
/// of our cmdlets, a mock, say, or names of its own for one. Looked up when a task starts, as its variables are.
/// </summary>
internal sealed class CommandNames
{
    private const CommandTypes Kinds = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;

    private readonly PSCmdlet _caller;
    private readonly CommandInvocationIntrinsics _commands;
    private readonly SessionState _state;
    private readonly PSModuleInfo? _module;
    private readonly ScriptBlockAst _block;
    private readonly Text _text;
    private readonly Dictionary<string, SuspendingCommand?> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(Ast Callee, bool IsGivenBlocks), bool> _awaiting = [];
    private readonly Dictionary<string, CommandInfo?> _others = new(StringComparer.OrdinalIgnoreCase);
    private readonly CalledValues _values;
    private Dictionary<Ast, object?> _answers = [];
    private readonly Dictionary<string, FunctionInfo> _called = new(StringComparer.OrdinalIgnoreCase);
    private CallRule _calls;
    private bool _isThere;

    /// <param name="caller">The cmdlet that starts the block.</param>
    /// <param name="block">The block, or the function; functions that it defines itself count.</param>
    /// <param name="arguments">What it is started with.</param>
    public CommandNames(PSCmdlet caller, ScriptBlock block, object?[]? arguments = null)
    {
        _caller = caller;
        _commands = caller.InvokeCommand;
        _state = HomeSessionState.ForAttached(caller, block);
        _module = block.Module;
        _block = BlockSyntax.Of(block);
        _text = RunspaceLoop.Current.Part(static _ => new ConditionalWeakTable<ScriptBlockAst, Text>())
            .GetValue(_block, static block => new Text(block));
        _values = new CalledValues(_block, arguments);
        _calls = _text.MayRemoveFunctions ? CallRule.None : CallRule.MayAwait;

        // All of them: the program depends on each, also on those behind the first that suspends.
        InHomeState(() =>
        {
            Array.ForEach(_text.Called, name => Resolve(name));
            Array.ForEach(_text.CalledValues, value => ValuesOf(value).OfType<string>().Where(CallSite.IsPlainName).ToList().ForEach(name => Resolve(name)));
            return Array.FindAll(_text.Commands, command => SuspensionPoints.IsSuspension(command, this) || ForEachPipeline.Suspends(command, this));
        });
    }

    /// <summary>Whether the block should run on the loop: whether it suspends in its own statements, or in what it calls and what runs as a part of it.</summary>
    public bool MakesCoroutine => SuspensionPoints.MakeCoroutine(_block, With(CallRule.Awaits));

    /// <summary>The functions among them that await in their own statements, other than those that the block defines; null where there are none.</summary>
    public IReadOnlyDictionary<string, FunctionInfo>? Called => _called.Count == 0 ? null : _called;

    /// <summary>Whether a strict mode holds there.</summary>
    public bool AreStrict => InHomeState(() => StrictMode.Of(_state)) > 0;

    /// <summary>The names by which it calls functions, or makes aliases of them.</summary>
    public IReadOnlyCollection<string> Named => _text.Called;

    /// <summary>Whether it calls values of variables: what they hold is looked at where the names are looked up.</summary>
    public bool CallsValues => _text.CalledValues.Length > 0;

    /// <summary>Whether there may be calls of such, also of those that the block defines.</summary>
    public bool HasCalls => _calls != CallRule.None && (_called.Count > 0 || _text.Defined.Count > 0 || _text.CallsByOperator);

    /// <summary>Whether names of our cmdlets mean those.</summary>
    public bool AreOurs(IReadOnlyCollection<string> names) => names.Count > 0 && InHomeState(() => IntrinsicCommands.AreMeant(_commands, names));

    /// <summary>The same as if there were no such functions.</summary>
    public CommandNames WithoutCalls() => With(CallRule.None);

    private CommandNames With(CallRule rule)
    {
        var copy = (CommandNames)MemberwiseClone();
        (copy._calls, copy._answers) = (rule, []);
        return copy;
    }

    /// <summary>Where the meanings differ from the usual, in one text; the same text, the same program.</summary>
    public string CacheKey => string.Join(
        '\n',
        _known.Keys.Where(name => _known[name] != SuspendingCommands.Of(name)).Select(name => $"{name}={_known[name]?.Info.Name}")
            .Concat(_called.Keys.Select(static name => $"{name}()"))
            .Concat(_others.Keys.Select(name => $"{name}={_others[name]?.CommandType} {_others[name]?.Name}")).Order(StringComparer.Ordinal));

    /// <summary>Whether calls of functions and blocks are a part of the coroutine.</summary>
    public bool MayCall => _calls != CallRule.None;

    /// <summary>Whether a name stands for a function that awaits, or calls blocks that it is given and that do.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isGivenBlocks">Whether it is given such.</param>
    public bool IsOfAwaitingFunction(string name, Func<bool> isGivenBlocks) => MayCall && Resolve(name) is null && IsAwaitingFunction(name, isGivenBlocks);

    /// <summary>Whether a block in it awaits by the functions that it defines or calls.</summary>
    public bool IsAwaitingBlock(ScriptBlockAst block) => MayCall && IsAwaiting(block, _module, isGivenBlocks: _calls == CallRule.MayAwait);

    /// <summary>Whether a value that is called, or given to a function that calls it, is a part of the coroutine.</summary>
    public bool MayAwait(ExpressionAst value) =>
        _calls == CallRule.MayAwait || (_calls == CallRule.Awaits && Cached(value, static (value, names) => names.HoldsAwaiting(value)));

    /// <summary>Whether a name stands for a cmdlet of a type.</summary>
    public bool IsCmdlet(string name, Type type) => OtherOf(name) is CmdletInfo { ImplementingType: { } found } && found == type;

    /// <summary>The name of the cmdlet, or of the function of a module, that a name stands for; null for all else.</summary>
    public string? NameOfCommand(string name) =>
        OtherOf(name) is { } known && (known is CmdletInfo || known is FunctionInfo { Module: not null }) ? known.Name : null;

    /// <summary>Whether a name stands for a function that is of no module.</summary>
    public bool IsOfScript(string name) => _text.Defined.Contains(name) || OtherOf(name) is FunctionInfo { Module: null };

    /// <summary>Asks a question about a piece of syntax that depends on these meanings once; blocks within blocks would be looked through again and again.</summary>
    public T Cached<TAst, T>(TAst node, Func<TAst, CommandNames, T> question)
        where TAst : Ast
    {
        if (!_answers.TryGetValue(node, out object? answer))
        {
            // Until it is answered the answer is no: blocks may call each other.
            _answers[node] = default(T);
            _answers[node] = answer = question(node, this);
        }

        return (T)answer!;
    }

    /// <summary>Looks names up: they mean what they mean in the current session state, and the block may be of another module than whoever starts it.</summary>
    private T InHomeState<T>(Func<T> look)
    {
        if (_isThere)
        {
            return look();
        }

        _isThere = true;
        try
        {
            return SessionStateInvoker.Invoke(_caller, _state, look);
        }
        finally
        {
            _isThere = false;
        }
    }

    private bool IsAwaitingFunction(string name, Func<bool> isGivenBlocks)
    {
        if (_called.TryGetValue(name, out FunctionInfo? function))
        {
            return IsOne(function.ScriptBlock.Ast, function.ScriptBlock.Module);
        }

        return (_text.Defined[name].Any(defined => IsOne(defined, _module)) && !IsAlias(name))
            || _text.Aliases[name].Any(meant => !meant.Equals(name, StringComparison.OrdinalIgnoreCase) && IsOfAwaitingFunction(meant, isGivenBlocks));

        bool IsOne(Ast callee, PSModuleInfo? module) => IsAwaiting(callee, module, isGivenBlocks: false) || (IsAwaiting(callee, module, isGivenBlocks: true) && isGivenBlocks());
    }

    private bool IsAwaiting(Ast callee, PSModuleInfo? module, bool isGivenBlocks)
    {
        if (!_awaiting.TryGetValue((callee, isGivenBlocks), out bool known))
        {
            _awaiting[(callee, isGivenBlocks)] = known = InHomeState(() => AwaitingFunctions.Contains(callee, module, _commands, isGivenBlocks));
        }

        return known;
    }

    private IEnumerable<object> ValuesOf(ExpressionAst value) => _values.Of(value, _state.PSVariable);

    private bool HoldsAwaiting(ExpressionAst value) => ValuesOf(value).Any(held => held switch
    {
        ScriptBlockAst written => SuspensionPoints.IsBlockIn(written, this),
        ScriptBlock block => IsAwaiting(block.Ast, block.Module, isGivenBlocks: false),
        CommandInfo command => (command is AliasInfo alias ? alias.ResolvedCommand : command) is FunctionInfo function && InHomeState(() => AwaitingFunctions.Contains(function, _commands, isGivenBlocks: false)),
        string name => CallSite.IsPlainName(name) && IsOfAwaitingFunction(name, static () => false),
        _ => false,
    });

    private bool IsAlias(string name) => InHomeState(() => _commands.GetCommands(name, CommandTypes.Alias, nameIsPattern: false).Any());

    /// <summary>The suspending cmdlet that a name stands for, or null.</summary>
    public SuspendingCommand? Resolve(string name)
    {
        if (!_known.TryGetValue(name, out SuspendingCommand? known))
        {
            _known[name] = known = InHomeState(() => LookUp(name));
        }

        return known;
    }

    private CommandInfo? OtherOf(string name)
    {
        if (!_others.TryGetValue(name, out CommandInfo? known))
        {
            CommandInfo? first = InHomeState(() => _commands.GetCommand(name, Kinds));
            CommandInfo? meant = first is AliasInfo alias ? alias.ResolvedCommand : first;
            _others[name] = known = meant is null || _text.Defined.Contains(meant.Name) ? null : meant;
        }

        return known;
    }

    private SuspendingCommand? LookUp(string name)
    {
        // What is found first would be called. For names that are not ours, a way of looking that does not load modules.
        SuspendingCommand? usual = SuspendingCommands.Of(name);
        CommandInfo? first = usual is null ? _commands.GetCommands(name, Kinds, nameIsPattern: false).FirstOrDefault() : _commands.GetCommand(name, Kinds);
        if (first is not AliasInfo && _text.Defined.Contains(name))
        {
            return null;
        }

        // Under an alias it is bound by its own name, which the alias has to lead to.
        CommandInfo? target = first is AliasInfo other ? _commands.GetCommands(other.Definition, CommandTypes.Function, nameIsPattern: false).FirstOrDefault() : first;
        if (target is FunctionInfo function && AwaitingFunctions.Contains(function, _commands, isGivenBlocks: true))
        {
            _called[name] = function;
        }

        return first switch
        {
            null => usual,
            AliasInfo alias when !string.Equals(alias.Definition, name, StringComparison.OrdinalIgnoreCase) => Resolve(SuspensionPoints.Unqualified(alias.Definition)),
            _ => SuspendingCommands.Of(first),
        };
    }

    /// <summary>What is the same each time that a block starts.</summary>
    internal sealed class Text(ScriptBlockAst block)
    {
        public CommandAst[] Commands { get; } = [.. BlockFacts.Of(block).Commands.Select(static command => command.Node)];

        /// <summary>The functions that it defines, by name.</summary>
        public ILookup<string, FunctionDefinitionAst> Defined { get; } = BlockFacts.Of(block).Functions
            .Where(static function => function.IsOwn).Select(static function => function.Node)
            .ToLookup(static function => function.Name, StringComparer.OrdinalIgnoreCase);

        public bool MayRemoveFunctions { get; } = BlockFacts.Of(block).MayRemoveFunctions;

        /// <summary>What the aliases that it makes stand for, by name.</summary>
        public ILookup<string, string> Aliases { get; } = AliasesIn(block).ToLookup(static words => words[1].Value, static words => words[2].Value, StringComparer.OrdinalIgnoreCase);

        /// <summary>The names by which it calls functions, or makes aliases of them.</summary>
        public string[] Called { get; } = [.. block.FindAll(static node => node is CommandAst, searchNestedScriptBlocks: true).Select(static node => CallSite.NameOf((CommandAst)node)).OfType<string>()
            .Concat(AliasesIn(block).Select(static words => words[2].Value)).Where(CallSite.IsPlainName).Distinct(StringComparer.OrdinalIgnoreCase)];

        /// <summary>Whether it calls anything by <c>&amp;</c> or <c>.</c></summary>
        public bool CallsByOperator { get; } = block.Find(static node => node is CommandAst { InvocationOperator: not TokenKind.Unknown }, searchNestedScriptBlocks: true) is not null;

        /// <summary>The values that it calls by <c>&amp;</c> or <c>.</c></summary>
        public ExpressionAst[] CalledValues { get; } = [.. block.FindAll(static node => node is CommandAst command && CallSite.IsOfValue(command), searchNestedScriptBlocks: true)
            .Select(static node => (ExpressionAst)((CommandAst)node).CommandElements[0])];

        // Set-Alias name meant, as most write it.
        private static IEnumerable<StringConstantExpressionAst[]> AliasesIn(ScriptBlockAst block) => block
            .FindAll(static node => node is CommandAst command && command.Does(CommandEffect.MakesAlias), searchNestedScriptBlocks: false)
            .Select(static node => ((CommandAst)node).CommandElements.OfType<StringConstantExpressionAst>().ToArray())
            .Where(static words => words.Length > 2);
    }
}
