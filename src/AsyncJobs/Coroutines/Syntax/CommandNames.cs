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
    private readonly HashSet<string> _defined;
    private readonly HashSet<string> _unconcerned;
    private readonly Dictionary<string, SuspendingCommand?> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="caller">The cmdlet that starts the block.</param>
    /// <param name="block">The block; functions that it defines itself count.</param>
    public CommandNames(PSCmdlet caller, ScriptBlockAst block)
    {
        _commands = caller.InvokeCommand;
        _unconcerned = Unconcerned.GetValue(block, static _ => new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        _defined = block.FindAll(static node => node is FunctionDefinitionAst, searchNestedScriptBlocks: false)
            .Select(static node => ((FunctionDefinitionAst)node).Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        MakesCoroutine = In(() => Sites.IsIn(block) && Sites.EndlessIn(block) is null);
    }

    /// <summary>Whether the block should run on the loop.</summary>
    public bool MakesCoroutine { get; }

    /// <summary>Where the meanings differ from the usual, in one text; the same text, the same program.</summary>
    public string Differences => string.Join(
        '\n',
        _known.Where(static pair => pair.Value != SuspendingCommands.Of(pair.Key)).OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key}={pair.Value?.Info.Name}"));

    /// <summary>The suspending cmdlet that a name stands for, or null.</summary>
    public static SuspendingCommand? Resolve(string name) => s_current is { } current ? current.Of(name) : SuspendingCommands.Of(name);

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

    private SuspendingCommand? Of(string name)
    {
        if (_unconcerned.Contains(name))
        {
            return null;
        }

        if (!_known.TryGetValue(name, out SuspendingCommand? known))
        {
            _known[name] = known = LookUp(name);
            if (known is null && SuspendingCommands.Of(name) is null)
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

        return first switch
        {
            null => usual,
            AliasInfo alias when !string.Equals(alias.Definition, name, StringComparison.OrdinalIgnoreCase) => Of(Sites.Unqualified(alias.Definition)),
            _ => SuspendingCommands.Of(first),
        };
    }
}
