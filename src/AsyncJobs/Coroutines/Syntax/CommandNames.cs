using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>
/// What a block's command names mean where it is started: a script may have an alias or a function in the place of one
/// of our cmdlets, a mock, say, or names of its own for one. Looked up when a task starts, as its variables are.
/// </summary>
internal sealed class CommandNames
{
    private const CommandTypes Kinds = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;

    // What a block calls that has been found to be no concern of ours is not looked up again each time that it starts.
    private static readonly ConditionalWeakTable<ScriptBlockAst, HashSet<string>> Unconcerned = [];

    // Whose block is looked at now. The questions about syntax come from everywhere in the compiler, on one thread.
    [ThreadStatic]
    private static CommandNames? s_current;

    private readonly CommandInvocationIntrinsics _commands;
    private readonly ILookup<string, FunctionDefinitionAst> _defined;
    private readonly HashSet<string> _unconcerned;
    private readonly Dictionary<string, SuspendingCommand?> _known = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, FunctionInfo>? _called;
    private bool _ignoresCalls;

    /// <param name="caller">The cmdlet that starts the block.</param>
    /// <param name="block">The block; functions that it defines itself count.</param>
    public CommandNames(PSCmdlet caller, ScriptBlockAst block)
    {
        _commands = caller.InvokeCommand;
        _unconcerned = Unconcerned.GetValue(block, static _ => new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        _defined = block.FindAll(static node => node is FunctionDefinitionAst, searchNestedScriptBlocks: false)
            .Cast<FunctionDefinitionAst>()
            .ToLookup(static function => function.Name, StringComparer.OrdinalIgnoreCase);
        _ignoresCalls = LocalFunctions.MayGo(block);

        // All are looked up, whichever comes first: what they mean is to be known.
        MakesCoroutine = In(() => Sites.CommandsIn(block).Where(Sites.IsSuspension).ToArray() is not [] && Sites.EndlessIn(block) is null);
    }

    /// <summary>Whether the block should run on the loop: whether it suspends in its own statements.</summary>
    public bool MakesCoroutine { get; }

    /// <summary>The functions among them that await in their own statements, other than those that the block defines; null where there are none.</summary>
    public IReadOnlyDictionary<string, FunctionInfo>? Called => _called;

    /// <summary>Whether there may be calls of such, also of those that the block defines.</summary>
    public bool HasCalls => !_ignoresCalls && (_called is not null || _defined.Count > 0);

    /// <summary>Does something as if there were none.</summary>
    public T WithoutCalls<T>(Func<T> action)
    {
        bool outer = _ignoresCalls;
        _ignoresCalls = true;
        try
        {
            return action();
        }
        finally
        {
            _ignoresCalls = outer;
        }
    }

    /// <summary>Where the meanings differ from the usual, in one text; the same text, the same program.</summary>
    public string Differences => string.Join(
        '\n',
        _known.Where(static pair => pair.Value != SuspendingCommands.Of(pair.Key)).Select(static pair => $"{pair.Key}={pair.Value?.Info.Name}")
            .Concat(_called?.Keys.Select(static name => $"{name}()") ?? [])
            .Order(StringComparer.Ordinal));

    /// <summary>The suspending cmdlet that a name stands for, or null.</summary>
    public static SuspendingCommand? Resolve(string name) => s_current is { } current ? current.Of(name) : SuspendingCommands.Of(name);

    /// <summary>Whether a name stands for a function that awaits in its own statements.</summary>
    public static bool IsOfAwaitingFunction(string name) => s_current is { _ignoresCalls: false } current
        && (current._called?.ContainsKey(name) == true || (current._defined[name].Any(function => AwaitingFunctions.Contains(function, current._commands)) && !current.IsAlias(name)));

    /// <summary>Does something with these meanings.</summary>
    public T In<T>(Func<T> action)
    {
        CommandNames? outer = s_current;
        s_current = this;
        try
        {
            return action();
        }
        finally
        {
            s_current = outer;
        }
    }

    private bool IsAlias(string name) => _commands.GetCommands(name, CommandTypes.Alias, nameIsPattern: false).Any();

    private SuspendingCommand? Of(string name)
    {
        if (_unconcerned.Contains(name))
        {
            return null;
        }

        if (!_known.TryGetValue(name, out SuspendingCommand? known))
        {
            _known[name] = known = LookUp(name);
            if (known is null && SuspendingCommands.Of(name) is null && _called?.ContainsKey(name) != true)
            {
                _unconcerned.Add(name);
            }
        }

        return known;
    }

    private SuspendingCommand? LookUp(string name)
    {
        // What is found first would be called. For names that are not ours, a way of looking that does not load modules.
        SuspendingCommand? usual = SuspendingCommands.Of(name);
        CommandInfo? first = usual is null ? _commands.GetCommands(name, Kinds, nameIsPattern: false).FirstOrDefault() : _commands.GetCommand(name, Kinds);
        if (first is not AliasInfo && _defined.Contains(name))
        {
            return null;
        }

        if (first is FunctionInfo function && AwaitingFunctions.Contains(function, _commands))
        {
            (_called ??= new(StringComparer.OrdinalIgnoreCase))[name] = function;
        }

        return first switch
        {
            null => usual,
            AliasInfo alias when !string.Equals(alias.Definition, name, StringComparison.OrdinalIgnoreCase) => Of(Sites.Unqualified(alias.Definition)),
            _ => SuspendingCommands.Of(first),
        };
    }
}
