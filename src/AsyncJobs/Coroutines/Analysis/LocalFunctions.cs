using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The functions that a block calls and that go with the scope its task is started in, with those that they call: they
/// are taken along, as its variables are.
/// </summary>
internal static class LocalFunctions
{
    // The same block is started again and again; what it calls is in its text.
    private static readonly ConditionalWeakTable<Ast, string[]> Called = [];

    private const CommandTypes Kinds = CommandTypes.Function | CommandTypes.Filter;

    /// <summary>Finds them; null where there are none.</summary>
    /// <param name="caller">The cmdlet that starts the task.</param>
    /// <param name="state">Where the block belongs to.</param>
    /// <param name="block">The block.</param>
    public static Dictionary<string, ScriptBlock>? Of(PSCmdlet caller, SessionState state, ScriptBlockAst block)
    {
        // Only where that is another place than the cmdlet's: the whole table is much to read.
        Dictionary<string, FunctionInfo>? elsewhere = null;
        if (state.Module != caller.SessionState.Module)
        {
            elsewhere = new(StringComparer.OrdinalIgnoreCase);
            foreach (FunctionInfo function in ProviderItems.Read<FunctionInfo>(caller, state, @"function:\"))
            {
                elsewhere[function.Name] = function;
            }
        }

        Dictionary<string, ScriptBlock>? found = null;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<Ast>([block]);
        while (open.TryPop(out Ast? next))
        {
            foreach (string name in Called.GetValue(next, NamesIn).Where(seen.Add))
            {
                // A way of looking that does not load modules. Those of modules stay where they are.
                CommandInfo? command = elsewhere is null
                    ? caller.InvokeCommand.GetCommands(name, Kinds, nameIsPattern: false).FirstOrDefault()
                    : elsewhere.GetValueOrDefault(name);
                if (command is FunctionInfo { Module: null } function
                    && !IsGlobal(caller, function))
                {
                    (found ??= new(StringComparer.OrdinalIgnoreCase))[name] = function.ScriptBlock;
                    open.Push(function.ScriptBlock.Ast);
                }
            }
        }

        return found;
    }

    private static string[] NamesIn(Ast ast) => BlockFacts.Of(ast).Commands
        .Select(static command => command.Name).OfType<string>()
        .Where(static name => name.IndexOfAny(['\\', '/', '.', ':', '*', '?', '[']) < 0 && SuspendingCommands.Of(name) is null)
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .ToArray();

    private static bool IsGlobal(PSCmdlet caller, FunctionInfo function)
    {
        try
        {
            return caller.InvokeProvider.Item.Get("Function:global:" + function.Name) is [{ BaseObject: FunctionInfo known }]
                && ReferenceEquals(known.ScriptBlock, function.ScriptBlock);
        }
        catch (ItemNotFoundException)
        {
            return false;
        }
    }
}
