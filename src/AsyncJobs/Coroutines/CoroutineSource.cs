using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>A block that one command starts coroutines of.</summary>
internal sealed class CoroutineSource(PSCmdlet caller, ScriptBlock block, CommandNames names, object?[]? arguments)
{
    private readonly CoroutineProgram _program = ProgramOf(caller, block, names);
    private readonly object?[] _arguments = arguments ?? [];

    private readonly Dictionary<string, ScriptBlock>? _functions = LocalFunctions.Of(caller, CoroutineProgram.ScriptBlockOf(block));

    // Where the task was started, as a call of the block would have it: Write-Error and its like say so of their records.
    private readonly InvocationInfo _started = StartedBy(caller.MyInvocation);

    /// <summary>One task's start, with the caller's variables as they are now; on the pipeline thread.</summary>
    public CoroutineStart Capture(object? input)
    {
        List<(string, object?)>? captured = null;
        PSVariableIntrinsics variables = caller.SessionState.PSVariable;
        foreach (string name in _program.Names.Mentioned)
        {
            // Those that are the same in every scope need no copy, and one could not be told from its original. A block does
            // not see the private ones of its caller.
            if (variables.Get(name) is { } variable && (variable.Options & (ScopedItemOptions.AllScope | ScopedItemOptions.Private)) == 0)
            {
                (captured ??= []).Add((name, variable.Value));
            }
        }

        return new CoroutineStart(_program, _arguments, input, captured, _functions, _started);
    }

    private static InvocationInfo StartedBy(InvocationInfo command)
    {
        var at = new ScriptPosition(command.ScriptName, command.ScriptLineNumber, command.OffsetInLine, command.Line);
        return InvocationInfo.Create(null, new ScriptExtent(at, at));
    }

    private static CoroutineProgram ProgramOf(PSCmdlet caller, ScriptBlock block, CommandNames names)
    {
        AsyncSession session = AsyncSession.Current;
        SessionState state = caller.SessionState;
        session.CurrentCommand = caller as LoopCommand ?? session.CurrentCommand;
        PSLanguageMode language = BlockLanguage.Of(state, session, block);
        return BlockLanguage.In(language, state, () => CoroutineProgram.Of(block, names, language));
    }
}
