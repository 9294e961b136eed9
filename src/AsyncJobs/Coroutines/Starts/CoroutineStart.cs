using System.Collections;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Coroutines.Starts;

/// <summary>What one coroutine begins with; used again for each attempt.</summary>
/// <param name="origin">What is the same for all the tasks of a command.</param>
/// <param name="input">The pipeline object that it is for.</param>
/// <param name="captured">The caller's variables.</param>
internal sealed class CoroutineStart(CoroutineOrigin origin, object? input, List<(string Name, object? Value)>? captured)
{
    // Set while the starter waits for the first step.
    private bool _isStarting;

    /// <summary>Its <c>$_</c>: the pipeline object, or without one the starter's.</summary>
    public object? Underscore { get; init; }

    /// <summary>The starter's <c>$PSCmdlet</c>, if the block looks at it.</summary>
    public object? Cmdlet { get; init; }

    /// <summary>The <c>$this</c> of the method that it is started in, if the block looks at it.</summary>
    public object? This { get; init; }

    /// <summary>The values of <c>$using:</c> expressions; null for none.</summary>
    public IDictionary? UsingValues { get; init; }

    /// <summary>Starts a coroutine: its first step runs here and now, unless it has to wait for a permit.</summary>
    /// <param name="starter">The cmdlet that starts it, for the streams of that step.</param>
    /// <param name="options">What is said of the task.</param>
    /// <param name="streams">Where its records go; null where they appear as they happen.</param>
    public AsyncTask Start(ILoopHost starter, TaskOptions options, TaskStreams? streams) =>
        origin.Session.RunFirstStep(starter, () => Begin(options, streams));

    /// <summary>Starts it in the middle of another's step, which its first step is a part of.</summary>
    /// <param name="starter">The other.</param>
    /// <param name="options">What is said of the task.</param>
    public AsyncTask Start(CoroutineFrame starter, TaskOptions options) => starter.Steps.RunFirstStep(() => Begin(options, streams: null));

    private AsyncTask Begin(TaskOptions options, TaskStreams? streams)
    {
        _isStarting = true;
        try
        {
            TaskRunner runner = origin.Session.Runner;
            if (!options.ArePlain)
            {
                return runner.Start(AsyncTaskKind.Coroutine, RunAsync, options, input, streams);
            }

            AsyncTask task = runner.MakePlain(AsyncTaskKind.Coroutine, options, input, streams);
            _ = BeginAsync(new CoroutineRun(task, attempt: null));
            return task;
        }
        finally
        {
            _isStarting = false;
        }
    }

    /// <summary>Runs one attempt; the first step on the calling thread if that is the session's.</summary>
    private async Task<object?> RunAsync(AsyncTask task, CancellationToken stop)
    {
        var attempt = new TaskCompletionSource<object?>();
        var run = new CoroutineRun(task, attempt);
        using CancellationTokenRegistration timeUp = stop.UnsafeRegister(static state => ((CoroutineControl)state!).Cancel("its time is up"), run);
        _ = BeginAsync(run);
        return await attempt.Task.ConfigureAwait(false);
    }

    // Suspends only where it waits for its turn; async also for the context of what it begins, which ends with this.
    private async Task BeginAsync(CoroutineRun run)
    {
        AsyncTask task = run.Task;
        ValueTask<Flow> running;
        try
        {
            if (run.IsWholeTask)
            {
                TaskRunner.BeginPlain(task);
            }

            RunspaceLoop session = origin.Session;
            if (session.IsDeep || !_isStarting || !ReferenceEquals(Runspace.DefaultRunspace, session.Runspace))
            {
                // Coroutines that start each other in their first steps would stack up on the thread; or else it had to wait
                // for a permit or between attempts, and whoever ended that wait may be anywhere, in the middle of a step, too.
                await run.YieldAsync();
            }

            task.Carrier = run;
            if (TraceRecorder.Current is { } trace)
            {
                TaskTrace.Resumed(trace, task);
            }

            if (task.IsCancellationRequested)
            {
                throw new OperationCanceledException();
            }

            running = RunBlocksAsync(run);
        }
        catch (Exception exception)
        {
            running = ValueTask.FromException<Flow>(exception);
        }

        run.Complete(running);
    }

    /// <summary>Runs the block, within what has come before it.</summary>
    private ValueTask<Flow> RunBlocksAsync(CoroutineRun run)
    {
        PSVariable[] variables = captured is null ? [] : [.. captured.Select(static variable => new PSVariable(variable.Name, variable.Value))];
        return origin.Initialization is { } initialization
            ? RunInitializedAsync(NewFrame(run, initialization, variables))
            : RunBlockAsync(NewFrame(run, origin.Block, variables));
    }

    private async ValueTask<Flow> RunInitializedAsync(CoroutineFrame outer)
    {
        await outer.Program.RunAsync(outer).ConfigureAwait(false);
        CoroutineFrame frame = NewFrame(outer.Coroutine, origin.Block, outer.Variables.SetOrSeen);
        if (outer.OwnScope is { } own)
        {
            frame.Scope.Inherit(own);
        }

        return await RunBlockAsync(frame).ConfigureAwait(false);
    }

    private ValueTask<Flow> RunBlockAsync(CoroutineFrame frame)
    {
        origin.Session.Loop.Steps.Name(frame);
        return origin.Block.Program.RunAsync(frame);
    }

    private CoroutineFrame NewFrame(CoroutineRun run, CoroutineBlock block, IReadOnlyList<PSVariable> outer)
    {
        var frame = new CoroutineFrame(origin.Session, run)
        {
            GroupContext = new GroupContext(run.Task, Group: null),
            Arguments = block == origin.Block ? origin.Arguments : [],
            Underscore = Underscore,
            This = This,
            Block = block,
            Preferences = origin.Preferences,
        };
        frame.DefineAutomatics(origin.Started, Cmdlet);
        if (block.Program.UsesBoundParameters)
        {
            frame.Variables.Define(new PSVariable(EngineNames.BoundParameters, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)));
        }

        if (UsingValues is not null)
        {
            frame.Variables.Define(new PSVariable(EngineNames.Using, new Hashtable { [AsyncJobs.Capture.UsingValues.Parameter] = UsingValues }));
        }

        frame.DefineVariables(origin.Preferences.StrictVersion > 0, outer);
        if (origin.Preferences.NewDefaultParameters() is { } defaults && !frame.TryGetVariable(defaults.Name, out _))
        {
            frame.Variables.Define(defaults);
        }

        DefineCommands(frame);
        return frame;
    }

    private void DefineCommands(CoroutineFrame frame)
    {
        if (origin.Commands?.Functions is { } functions)
        {
            foreach ((string name, ScriptBlock body) in functions)
            {
                frame.Scope.DefineFunction(name, body);
            }
        }

        if (origin.Commands?.Aliases is { } aliases)
        {
            foreach ((string name, string definition) in aliases)
            {
                frame.Scope.SetAlias(name, definition);
            }
        }
    }
}
