using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Starts;

/// <summary>A block that one command starts coroutines of.</summary>
internal sealed class CoroutineSource
{
    private readonly PSCmdlet _caller;
    private readonly ICoroutineCompiler _compiler;
    private readonly SessionState _state;
    private readonly RunspaceLoop _session;
    private readonly PreferenceSnapshot _preferences;
    private readonly CoroutineOrigin _origin;
    private readonly CapturedVariables _variables;
    private readonly UsingValues _usingValues;

    /// <param name="caller">The cmdlet that starts the coroutines, or one for what a step starts; in the scope that they are started in.</param>
    /// <param name="compiler">Makes programs.</param>
    /// <param name="started">Where they are started, as a call of the block would have it.</param>
    /// <param name="block">What they run.</param>
    /// <param name="names">What the command names in it mean.</param>
    /// <param name="arguments">Positional arguments, the same for each.</param>
    /// <param name="initialization">Runs before the block, in the scope around it; null for none.</param>
    public CoroutineSource(
        PSCmdlet caller, ICoroutineCompiler compiler, InvocationInfo started, ScriptBlock block, CommandNames names, object?[]? arguments = null, ScriptBlock? initialization = null)
    {
        (_caller, _compiler) = (caller, compiler);
        _session = RunspaceLoop.Current;
        _session.CurrentCommand = caller as ILoopHost ?? _session.CurrentCommand;
        _state = HomeSessionState.ForAttached(caller, block);
        _preferences = new PreferenceSnapshot(new PreferenceScope(caller, _state));
        CoroutineBlock compiled = Compile(block, names);
        CoroutineBlock? before = initialization is null ? null : Compile(initialization, new CommandNames(caller, initialization));
        ScriptBlock[] blocks = initialization is null ? [block] : [block, initialization];
        _variables = SessionStateInvoker.Invoke(caller, _state, () => new CapturedVariables(caller, _state, blocks, arguments ?? []));
        bool isClosure = ModuleInMemory.Of(block, caller.SessionState.Module) is not null;
        _usingValues = new UsingValues(Array.ConvertAll(blocks, static block => BlockFacts.Of(block.Ast)), _state, isClosure ? block.Module : null);
        _origin = new CoroutineOrigin(_session, compiled, _preferences, started)
        {
            Initialization = before,
            Arguments = arguments ?? [],
            Commands = _variables.Commands,
        };
    }

    /// <summary>What they run, compiled.</summary>
    public CoroutineProgram Program => _origin.Block.Program;

    /// <summary>One task's start, with the caller's variables as they are now; on the pipeline thread.</summary>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object.</param>
    public CoroutineStart Capture(bool hasInput, object? input)
    {
        PSVariableIntrinsics variables = _state.PSVariable;
        return new CoroutineStart(_origin, input, _variables.Read(input))
        {
            Underscore = hasInput ? input : variables.Get("_") is { } item ? item.Value : AutomationNull.Value,
            Cmdlet = Program.UsesCmdlet ? variables.GetValue("PSCmdlet") : null,
            This = Program.Names.MentionsThis || _variables.ReadsThis ? variables.GetValue("this") : null,
            UsingValues = _usingValues.Read(_caller, _preferences.StrictVersion > 0),
        };
    }

    private CoroutineBlock Compile(ScriptBlock block, CommandNames names)
    {
        SessionState state = _caller.SessionState;
        PSLanguageMode language = BlockLanguage.Of(state, _session, block);
        CoroutineProgram program = BlockLanguage.In(language, state, () => _compiler.ProgramOf(block, names, language)
            .WithReadableVariables(
                block, names, name => _preferences.StrictVersion > 0 || SurroundingVariables.Find(_state.PSVariable, name) is not null));
        return CoroutineBlock.Of(program, names);
    }
}
