using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines;

/// <summary>A block that one command starts coroutines of.</summary>
internal sealed class CoroutineSource
{
    private readonly PSCmdlet _caller;
    private readonly SessionState _state;
    private readonly CapturedVariables _variables;
    private readonly UsingValues _usingValues;

    /// <param name="caller">The cmdlet that starts the coroutines.</param>
    /// <param name="block">What they run.</param>
    /// <param name="names">What the command names in it mean.</param>
    /// <param name="arguments">Positional arguments, the same for each.</param>
    /// <param name="initialization">Runs before the block, in the scope around it; null for none.</param>
    public CoroutineSource(PSCmdlet caller, ScriptBlock block, CommandNames names, object?[]? arguments, ScriptBlock? initialization = null)
    {
        _caller = caller;
        Session = RunspaceLoop.Current;
        Session.CurrentCommand = caller as ILoopHost ?? Session.CurrentCommand;
        _state = HomeSessionState.ForAttached(caller, block);
        Preferences = new PreferenceSnapshot(new PreferenceScope(caller, _state));
        Block = Compile(block, names);
        Initialization = initialization is null ? null : Compile(initialization, new CommandNames(caller, initialization));
        Arguments = arguments ?? [];
        ScriptBlock[] blocks = initialization is null ? [block] : [block, initialization];
        _variables = SessionStateInvoker.Invoke(caller, _state, () => new CapturedVariables(caller, _state, blocks, Arguments));
        bool isClosure = ModuleInMemory.Of(block, caller.SessionState.Module) is not null;
        _usingValues = new UsingValues(Array.ConvertAll(blocks, static block => BlockFacts.Of(block.Ast)), _state, isClosure ? block.Module : null);
        Started = StartedBy(caller.MyInvocation);
    }

    public RunspaceLoop Session { get; }

    public CoroutineBlock Block { get; }

    /// <summary>What runs before the block, in the scope around it; null for nothing.</summary>
    public CoroutineBlock? Initialization { get; }

    public object?[] Arguments { get; }

    /// <summary>The caller's functions and aliases that it calls and that go with the caller's scope.</summary>
    public LocalCommands Commands => _variables.Commands;

    /// <summary>Where the task was started, as a call of the block would have it: Write-Error and its like say so of their records.</summary>
    public InvocationInfo Started { get; }

    /// <summary>The preferences that hold where the tasks are started.</summary>
    public PreferenceSnapshot Preferences { get; }

    /// <summary>One task's start, with the caller's variables as they are now; on the pipeline thread.</summary>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object.</param>
    public CoroutineStart Capture(bool hasInput, object? input)
    {
        PSVariableIntrinsics variables = _state.PSVariable;
        return new CoroutineStart(this, input, _variables.Read(input))
        {
            Underscore = hasInput ? input : variables.Get("_") is { } item ? item.Value : AutomationNull.Value,
            Cmdlet = Block.Program.UsesCmdlet ? variables.GetValue("PSCmdlet") : null,
            This = Block.Program.Names.MentionsThis || _variables.ReadsThis ? variables.GetValue("this") : null,
            UsingValues = _usingValues.Read(_caller, Preferences.StrictVersion > 0),
        };
    }

    private static InvocationInfo StartedBy(InvocationInfo command)
    {
        var at = new ScriptPosition(command.ScriptName, command.ScriptLineNumber, command.OffsetInLine, command.Line);
        return InvocationInfo.Create(null, new ScriptExtent(at, at));
    }

    private CoroutineBlock Compile(ScriptBlock block, CommandNames names)
    {
        SessionState state = _caller.SessionState;
        PSLanguageMode language = BlockLanguage.Of(state, Session, block);
        CoroutineProgram program = BlockLanguage.In(language, state, () => ProgramCompiler.Of(Session).ProgramOf(block, names, language)
            .WithReadableVariables(
                block, names, name => Preferences.StrictVersion > 0 || SurroundingVariables.Find(_state.PSVariable, name) is not null));
        return new CoroutineBlock(program, names.Called, names.AreOurs(program.OwnCommands));
    }
}
