using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines;

/// <summary>A block that one command starts coroutines of.</summary>
internal sealed class CoroutineSource
{
    private readonly SessionState _state;

    public CoroutineSource(PSCmdlet caller, ScriptBlock block, CommandNames names, object?[]? arguments)
    {
        Session = RunspaceLoop.Current;
        _state = HomeSessionState.ForAttached(caller, block);
        (Program, IsStrict) = Compile(caller, block, names);
        Arguments = arguments ?? [];
        ScriptBlockAst body = BlockSyntax.Of(block);
        Functions = LocalFunctions.Of(caller, _state, body);
        MayCallDirectly = names.AreOurs(Program.OwnCommands);
        Called = names.Called;
        Started = StartedBy(caller.MyInvocation);
    }

    public RunspaceLoop Session { get; }

    public CoroutineProgram Program { get; }

    public object?[] Arguments { get; }

    /// <summary>The caller's functions that it calls and that go with the caller's scope.</summary>
    public Dictionary<string, ScriptBlock>? Functions { get; }

    /// <summary>The functions that it calls and that may run as a part of it.</summary>
    public IReadOnlyDictionary<string, FunctionInfo>? Called { get; }

    /// <summary>Whether the names of our cmdlets in it mean those.</summary>
    public bool MayCallDirectly { get; }

    /// <summary>Where the task was started, as a call of the block would have it: Write-Error and its like say so of their records.</summary>
    public InvocationInfo Started { get; }

    /// <summary>Whether its variables cannot be read before they are assigned.</summary>
    public bool IsStrict { get; }

    /// <summary>One task's start, with the caller's variables as they are now; on the pipeline thread.</summary>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object.</param>
    public CoroutineStart Capture(bool hasInput, object? input)
    {
        List<(string, object?)>? captured = null;
        PSVariableIntrinsics variables = _state.PSVariable;
        foreach (string name in Program.Names.Mentioned)
        {
            if (SurroundingVariables.Find(variables, name) is { } variable)
            {
                (captured ??= []).Add((name, variable.Value));
            }
        }

        return new CoroutineStart(this, input, captured)
        {
            Underscore = hasInput ? input : variables.Get("_") is { } item ? item.Value : AutomationNull.Value,
            Cmdlet = Program.UsesCmdlet ? variables.GetValue("PSCmdlet") : null,
            This = Program.Names.MentionsThis ? variables.GetValue("this") : null,
        };
    }

    private static InvocationInfo StartedBy(InvocationInfo command)
    {
        var at = new ScriptPosition(command.ScriptName, command.ScriptLineNumber, command.OffsetInLine, command.Line);
        return InvocationInfo.Create(null, new ScriptExtent(at, at));
    }

    private (CoroutineProgram Program, bool IsStrict) Compile(PSCmdlet caller, ScriptBlock block, CommandNames names)
    {
        SessionState state = caller.SessionState;
        Session.CurrentCommand = caller as ILoopHost ?? Session.CurrentCommand;
        PSLanguageMode language = BlockLanguage.Of(state, Session, block);
        return BlockLanguage.In(language, state, () =>
        {
            CoroutineProgram program = ProgramCompiler.Of(Session).ProgramOf(block, names, language);
            bool isStrict = SessionStateInvoker.Invoke(caller, _state, () => program.IsStrictFor(caller));
            return (program.WithReadableVariables(block, names, name => isStrict || SurroundingVariables.Find(_state.PSVariable, name) is not null), isStrict);
        });
    }
}
