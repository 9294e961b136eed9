using System.Management.Automation.Internal;

namespace AsyncJobs.Hosting;

/// <summary>
/// The pipeline that coroutines' steps run in while a command turns the loop or starts them: a block that is kept open, and
/// behind it a command that gets what the steps write to other streams than the output (<see cref="OutAsyncRecordCommand"/>).
/// </summary>
/// <remarks>
/// The block is a <c>try</c> that has no catch: an error comes out at once and as it is, from called functions too, and none
/// is reported. The scope is that in which it was opened, and of no coroutine's step inside which the loop is turned once
/// more: else one coroutine would see the variables of another that happens to wait in a function it calls. A process block
/// of a pipeline that is open is entered three times as fast as a block is called.
/// </remarks>
internal sealed class StepPipeline : IDisposable
{
    private static readonly ScriptExtent Nowhere = In(ScriptFrame.File);

    // In the middle of a call, whose frames stand on both sides.
    private static readonly ScriptExtent Between = In(ScriptFrame.ScopeFile);
    private const string StepName = OwnNames.Prefix + "Step";

    // Not information, whose record does not tell whether it is to be shown.
    private static readonly RedirectionStream[] Messages = [RedirectionStream.Warning, RedirectionStream.Verbose, RedirectionStream.Debug];

    private static readonly ScriptBlock Plain = SharedScriptBlock.Make(static () => BuildPlain(Ending()));
    private static readonly Lazy<ScriptBlock> Separate = new(static () => SharedScriptBlock.Make(static () => BuildSeparate(TokenKind.Ampersand, Ending())));
    private static readonly Lazy<ScriptBlock> LastingPlain = new(static () => SharedScriptBlock.Make(static () => BuildPlain(Of())));
    private static readonly Lazy<ScriptBlock> LastingSeparate = new(static () => SharedScriptBlock.Make(static () => BuildSeparate(TokenKind.Dot, Of())));
    private static readonly Lazy<ScriptBlock> WithMessages = Taking(static () => Messages);
    private static readonly Lazy<ScriptBlock> WithInformation = Taking(static () => [RedirectionStream.Information]);
    private static readonly Lazy<ScriptBlock> WithBoth = Taking(static () => [.. Messages, RedirectionStream.Information]);

    // Of the caller's session state and, where that is a module's, of the session's own.
    private readonly List<(SteppablePipeline Pipeline, SessionState State)> _steps = [];

    // The same scopes, for what is opened in them later: PowerShell loses its way where a pipeline is entered within itself.
    private readonly List<(SteppablePipeline Pipeline, SessionState State)> _scopes = [];
    private readonly EngineIntrinsics _engine;
    private readonly PSCmdlet _command;
    private readonly StepPipeline _outermost;
    private List<LastingScope>? _lasting;
    private int _lastingLimit = 16;

    // Of one session state after the other: most often there is one.
    private (PSModuleInfo? Module, PreferenceScope Scope)? _preferences;

    /// <summary>Opens it in the scope that a command runs in, or in that of the outermost command that runs steps.</summary>
    /// <param name="command">The command, which is running now.</param>
    /// <param name="global">The session's own state; null if that has not been seen.</param>
    /// <param name="isSeparate">Whether redirections of the command's do not reach the steps: it writes what they write.</param>
    /// <param name="outermost">The pipeline of the outermost command; null where this is its own.</param>
    public StepPipeline(PSCmdlet command, SessionState? global, bool isSeparate, StepPipeline? outermost)
    {
        _command = command;
        _outermost = outermost ?? this;
        _engine = (EngineIntrinsics)command.SessionState.PSVariable.GetValue("ExecutionContext");
        bool hasTwoStates = outermost is null ? command.SessionState.Module is not null && global is not null : outermost._steps.Count > 1;
        void OpenBoth(List<(SteppablePipeline, SessionState)> opened, ScriptBlock script)
        {
            Open(opened, script);
            if (hasTwoStates)
            {
                SessionStateInvoker.Invoke(command.InvokeCommand, global!, () => Open(opened, SessionStateInvoker.OfInput));
            }
        }

        TakesMessages = isSeparate;
        ScriptBlock steps = isSeparate ? Separate.Value : Plain;
        if (outermost is null)
        {
            OpenBoth(_steps, steps);
            OpenBoth(_scopes, SessionStateInvoker.OfInput);
        }
        else
        {
            outermost.RunIn(outermost._scopes, () => OpenBoth(_steps, steps));
        }
    }

    /// <summary>Whether the command gets warnings, verbose and debug messages of all its steps: else PowerShell shows them as they are.</summary>
    public bool TakesMessages { get; }

    /// <summary>The preferences that hold there; asked for in that scope, while the command runs.</summary>
    /// <param name="state">The session state that is looked at.</param>
    public PreferenceScope PreferencesIn(SessionState state)
    {
        if (_preferences is not { } known || known.Module != state.Module)
        {
            _preferences = known = (state.Module, new PreferenceScope(_command, state));
        }

        return known.Scope;
    }

    /// <summary>Runs an action there, and throws what it throws.</summary>
    public void Run(Action action) => RunIn(_steps, action);

    /// <summary>Opens a scope beside that of its steps, in the session state of the command; closed some time after the task has ended, or else with this.</summary>
    /// <param name="task">Whose it is.</param>
    public LastingScope OpenScope(AsyncTask task)
    {
        _lasting ??= [];
        if (_lasting.Count >= _lastingLimit)
        {
            _lasting.FindAll(static scope => scope.Task.IsCompleted).ForEach(static scope => scope.Dispose());
            _lastingLimit = Math.Max(_lastingLimit, 2 * _lasting.Count);
        }

        var opened = new List<(SteppablePipeline Pipeline, SessionState State)>();
        _outermost.RunIn(_outermost._scopes, () => Open(opened, (TakesMessages ? LastingSeparate : LastingPlain).Value));
        var scope = new LastingScope(
            this, task, action => RunIn(opened, action), closed =>
            {
                _lasting.Remove(closed);
                Close(opened);
            });
        _lasting.Add(scope);
        return scope;
    }

    public void Dispose()
    {
        _lasting?.ToList().ForEach(static scope => scope.Dispose());
        Close(_steps);
        Close(_scopes);
    }

    /// <summary>Runs an action of which more than errors goes to the command that turns the loop, and throws what it throws.</summary>
    /// <param name="messages">Whether warnings, verbose and debug messages do.</param>
    /// <param name="information">Whether information records do; one of the two at least.</param>
    /// <param name="action">The action.</param>
    public static void RunTaking(bool messages, bool information, Action action)
    {
        var carried = new ExceptionRelay(action);
        Lazy<ScriptBlock> block = !information ? WithMessages : messages ? WithBoth : WithInformation;
        block.Value.InvokeWithContext(ScriptFrame.NoFunctions, [new PSVariable(StepName, carried)]);
        carried.Rethrow();
    }

    private void RunIn(List<(SteppablePipeline Pipeline, SessionState State)> opened, Action action)
    {
        // Where it is a command that gets it, it runs what it gets; where it is a block, it writes it.
        var carried = new ExceptionRelay(action);
        object run = opened == _scopes ? (Action)carried.Run : carried;
        for (int i = 0; i < opened.Count - 1; i++)
        {
            run = Within(opened[i], run);
        }

        // Most often the only one, at each start of a task and each turn of the loop: no delegates for it.
        (SteppablePipeline last, SessionState state) = opened[^1];
        if (_engine.SessionState == state)
        {
            last.Process(new PSObject(run));
        }
        else
        {
            Within((last, state), run)();
        }

        carried.Rethrow();
    }

    private Action Within((SteppablePipeline Pipeline, SessionState State) one, object run) =>
        () => RunIn(one.State, () => one.Pipeline.Process(new PSObject(run)));

    // From another session state than its own a pipeline leaves its scope the current one, until that is gone.
    private void RunIn(SessionState state, Action step)
    {
        if (_engine.SessionState == state)
        {
            step();
        }
        else
        {
            SessionStateInvoker.Invoke(_engine.InvokeCommand, state, step);
        }
    }

    private void Close(List<(SteppablePipeline Pipeline, SessionState State)> opened) =>
        opened.ForEach(one => RunIn(one.State, one.Pipeline.Dispose));

    private void Open(List<(SteppablePipeline Pipeline, SessionState State)> opened, ScriptBlock script)
    {
        SteppablePipeline pipeline = script.GetSteppablePipeline(CommandOrigin.Runspace);
        pipeline.Begin(expectInput: true, _engine);
        opened.Add((pipeline, _engine.SessionState));
    }

    // Errors are redirected at the expression, since PowerShell replaces what is said of the command by what holds for the one
    // that opens it. They keep their place when they are written again; messages would not, and are left alone.
    private static ScriptBlock BuildPlain(StatementBlockAst ending) =>
        BlockOf(Nowhere, Calling(Steps(AstBuilder.Pipeline(Nowhere, Step(Nowhere, RedirectionStream.Error)), ending), []));

    private static Lazy<ScriptBlock> Taking(Func<RedirectionStream[]> streams) =>
        new(() => SharedScriptBlock.Make(() => BlockOf(Between, CallingStep(Between, TokenKind.Ampersand, streams()))));

    // What is made in a lasting scope is to stay in it, so its steps are dotted.
    private static ScriptBlock BuildSeparate(TokenKind call, StatementBlockAst ending) =>
        BlockOf(Nowhere, Calling(Steps(AstBuilder.Pipeline(Nowhere, CallingStep(Nowhere, call, [RedirectionStream.Error, .. Messages])), ending), []));

    // Where the pipeline is stopped, script runs in a finally alone.
    private static StatementBlockAst Ending() => Of(
        AstBuilder.Write(Nowhere, new ConstantExpressionAst(Nowhere, new ActionEnumerator(static () => RunspaceLoop.Current.EndStopped()))));

    private static ScriptBlock Steps(StatementAst step, StatementBlockAst ending)
    {
        var steps = new TryStatementAst(Nowhere, Of(step), catchClauses: null, ending);

        // Steps look further out for a $_ and an $input that they have not, and are not to find the block's.
        var take = AstBuilder.Assign(Nowhere, StepName, AstBuilder.Write(Nowhere, AstBuilder.Variable(Nowhere, "_")));
        var forget = AstBuilder.Assign(Nowhere, "_", AstBuilder.Write(Nowhere, new ConstantExpressionAst(Nowhere, AutomationNull.Value)));
        var forgetInput = AstBuilder.Assign(Nowhere, "input", AstBuilder.Write(Nowhere, new ConstantExpressionAst(Nowhere, Array.Empty<object>())));
        return new ScriptBlockAst(
            Nowhere,
            paramBlock: null,
            beginBlock: null,
            new NamedBlockAst(Nowhere, TokenKind.Process, new StatementBlockAst(Nowhere, [take, forget, forgetInput, steps], traps: null), unnamed: false),
            endBlock: null,
            dynamicParamBlock: null).GetScriptBlock();
    }

    private static ScriptExtent In(string file)
    {
        var start = new ScriptPosition(file, 1, 1, string.Empty);
        return new ScriptExtent(start, start);
    }

    private static ScriptBlock BlockOf(ScriptExtent place, CommandBaseAst first)
    {
        PipelineAst pipeline = AstBuilder.Pipeline(place, first, AstBuilder.Call(place, OutAsyncRecordCommand.Info));
        return new ScriptBlockAst(place, paramBlock: null, Of(pipeline), isFilter: false).GetScriptBlock();
    }

    private static CommandExpressionAst Step(ScriptExtent place, params RedirectionStream[] merged) =>
        new(place, AstBuilder.Variable(place, StepName), Merging(merged));

    private static CommandAst CallingStep(ScriptExtent place, TokenKind call, RedirectionStream[] merged)
    {
        ScriptBlock step = new ScriptBlockAst(place, paramBlock: null, Of(AstBuilder.Pipeline(place, Step(place))), isFilter: false).GetScriptBlock();
        return new CommandAst(place, [new ConstantExpressionAst(place, step)], call, Merging(merged));
    }

    private static CommandAst Calling(ScriptBlock block, RedirectionStream[] merged) =>
        AstBuilder.Call(Nowhere, block, Merging(merged), []);

    private static IEnumerable<RedirectionAst> Merging(RedirectionStream[] merged) =>
        merged.Select(static stream => new MergingRedirectionAst(Nowhere, stream, RedirectionStream.Output));

    private static StatementBlockAst Of(params StatementAst[] statements) => new(Nowhere, statements, traps: null);
}
