namespace AsyncJobs.Threads.Capture;

/// <summary>
/// A script block cut loose from its caller's session, so that any runspace can run it, with what it takes along from
/// there. Found out once for all the tasks of a command.
/// </summary>
internal sealed class ScriptSource
{
    private readonly PSCmdlet _caller;
    private readonly SessionState _state;
    private readonly (Ast Ast, PSModuleInfo? Module)[] _scripts;
    private readonly CaptureSet _captures;
    private readonly UsingValues _usingValues;
    private readonly CallerState _callerState;
    private readonly object?[] _given;
    private readonly SeenValues _seen = new();
    private readonly ScriptBlock[] _ground;
    private readonly ScriptBlock[] _initialization;
    private readonly ScriptBlock[] _setup;
    private readonly object _command;
    private readonly bool _isClosure;
    private CaptureSet? _lastCaptures;

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="block">What they run.</param>
    /// <param name="arguments">Positional arguments, the same for each.</param>
    /// <param name="initialization">Runs before the block, in the scope around it.</param>
    public ScriptSource(PSCmdlet caller, ScriptBlock block, object?[]? arguments, ScriptBlock? initialization = null)
        : this(
            caller,
            HomeSessionState.ForDetached(caller, block),
            IsClosure(caller, block) ? block : UnboundScript.Of(block),
            (block.Ast, block.Module),
            arguments,
            initialization)
    {
    }

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="file">The script that they run.</param>
    /// <param name="arguments">Positional arguments, the same for each.</param>
    /// <param name="initialization">Runs before the block, in the scope around it.</param>
    public ScriptSource(PSCmdlet caller, string file, object?[]? arguments, ScriptBlock? initialization = null)
        : this(caller, caller.SessionState, file, (Parser.ParseFile(file, out _, out _), null), arguments, initialization)
    {
    }

    private ScriptSource(
        PSCmdlet caller,
        SessionState state,
        object command,
        (Ast Ast, PSModuleInfo? Module) script,
        object?[]? arguments,
        ScriptBlock? initialization)
    {
        _caller = caller;
        _state = state;
        _command = command;
        _isClosure = command is ScriptBlock block && IsClosure(caller, block);
        _scripts = initialization is null ? [script] : [script, (initialization.Ast, initialization.Module)];
        _given = arguments ?? [];
        _captures = new CaptureSet(caller, _state, _scripts, _seen, _given);
        _usingValues = new UsingValues(
            Array.ConvertAll(_scripts, static script => BlockFacts.Of(script.Ast)),
            state,
            _isClosure ? script.Module : null);
        _callerState = new CallerState(caller, _state);
        _ground = UsingNamespaces.Script(script.Ast) is { } namespaces ? [namespaces] : [];
        _initialization = initialization is null ? [] : [UnboundScript.Of(initialization)];
        _setup = SetupOf(_captures);
        CaptureReport.Write(caller, _captures);
    }

    /// <summary>The work of one task, with the caller's variables as they are now; on the pipeline thread.</summary>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object, its <c>$_</c>.</param>
    public ScriptWork Capture(bool hasInput = false, object? input = null)
    {
        (CaptureSet captures, Marshaller marshaller, object? ownInput) = CapturesFor(input);
        return new ScriptWork(_command, captures, _callerState)
        {
            Setup = captures == _captures ? _setup : SetupOf(captures),
            Arguments = Array.ConvertAll(_given, value => captures.Convert(marshaller, "An argument", value)),
            HasInput = hasInput,
            Input = ownInput,
            TakesInput = hasInput && IsFilter(_scripts[0].Ast),
            Variables = captures.ReadVariables(marshaller),
            Closure = _isClosure ? captures.Convert(marshaller, "The block", _command) : null,
            EnclosedFunctions = captures.ReadEnclosedFunctions(marshaller),
            UsingValues = _usingValues.Read(
                _caller, _callerState.StrictVersion > 0, (what, value) => captures.Convert(marshaller, what, value)),
            CallsBound = captures.CallsBound(marshaller),
        };
    }

    /// <summary>What is to be taken along. What script blocks in the input, or drives in it, need is known only now.</summary>
    private (CaptureSet Captures, Marshaller Marshaller, object? Input) CapturesFor(object? input)
    {
        foreach (CaptureSet? captures in new[] { _captures, _lastCaptures })
        {
            if (captures is not null)
            {
                Marshaller marshaller = captures.NewMarshaller();
                object? own = captures.Convert(marshaller, "The input object", input);
                if (captures.Covers(marshaller))
                {
                    return (captures, marshaller, own);
                }
            }
        }

        _lastCaptures = new CaptureSet(_caller, _state, _scripts, _seen, [.. _given, input]);
        Marshaller last = _lastCaptures.NewMarshaller();
        return (_lastCaptures, last, _lastCaptures.Convert(last, "The input object", input));
    }

    private ScriptBlock[] SetupOf(CaptureSet captures) => [.. _ground, .. captures.Definitions, .. _initialization];

    private static bool IsFilter(Ast script) =>
        ((script as FunctionDefinitionAst)?.Body ?? script as ScriptBlockAst) is { ProcessBlock: not null } body && BlockFacts.MayGetInput(body);

    private static bool IsClosure(PSCmdlet caller, ScriptBlock block) => ModuleInMemory.Of(block, caller.SessionState.Module) is not null;
}
