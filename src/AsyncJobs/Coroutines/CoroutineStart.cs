using System.Collections;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Coroutines;

/// <summary>What one coroutine begins with; used again for each attempt.</summary>
/// <param name="source">What is the same for all the tasks of a command.</param>
/// <param name="input">The pipeline object that it is for.</param>
/// <param name="captured">The caller's variables.</param>
internal sealed class CoroutineStart(CoroutineSource source, object? input, List<(string Name, object? Value)>? captured)
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
    public AsyncTask Start(ILoopHost starter, TaskOptions options, TaskStreams? streams) => source.Session.RunFirstStep(
        starter, () =>
        {
            _isStarting = true;
            try
            {
                return source.Session.Runner.Start(AsyncTaskKind.Coroutine, RunAsync, options, input, streams);
            }
            finally
            {
                _isStarting = false;
            }
        });

    /// <summary>Runs one attempt; the first step on the calling thread if that is the session's.</summary>
    public async Task<object?> RunAsync(AsyncTask task, CancellationToken stop)
    {
        RunspaceLoop session = source.Session;
        var control = new CoroutineControl(session.Loop);
        if (session.IsDeep || !_isStarting || !ReferenceEquals(Runspace.DefaultRunspace, session.Runspace))
        {
            // Coroutines that start each other in their first steps would stack up on the thread; or else it had to wait
            // for a permit or between attempts, and whoever ended that wait may be anywhere, in the middle of a step, too.
            await control.YieldAsync();
        }

        task.Coroutine = control;
        if (TraceRecorder.Current is { } trace)
        {
            TaskTrace.Resumed(trace, task);
        }

        if (task.IsCancellationRequested)
        {
            throw new OperationCanceledException();
        }

        using CancellationTokenRegistration timeUp = stop.UnsafeRegister(static state => ((CoroutineControl)state!).Cancel("its time is up"), control);
        List<object?> output = [];
        (control.Written, task.OutputSource) = ((task, output), control);
        try
        {
            CoroutineFrame frame = await InitializeAsync(session, task, control, output).ConfigureAwait(false);
            session.Loop.Steps.Name(frame);
            await source.Block.Program.RunAsync(frame).ConfigureAwait(false);
        }
        catch (PipelineStoppedException)
        {
            throw new TaskFailedException(new OperationCanceledException("The step was stopped."), detail: null, new TaskOutput(output));
        }
        catch (FlowControlException)
        {
            // exit in something it called, or a break with no loop around it: its end, as that of a thread task.
        }
        catch (RuntimeException exception)
        {
            ErrorRecord? record = ErrorRecords.Of(exception);
            throw new TaskFailedException(record?.Exception ?? exception, record, new TaskOutput(output));
        }

        if (control.TryTakeCancellation())
        {
            // As in asyncio, one that was stopped in its last step is stopped, though no wait has told it.
            throw new TaskFailedException(Future.CanceledException(control.Reason), detail: null, new TaskOutput(output));
        }

        return output.Count == 1 ? output[0] : new TaskOutput(output);
    }

    /// <summary>Runs what comes before the block, and makes the block's frame within what that has made.</summary>
    private async ValueTask<CoroutineFrame> InitializeAsync(RunspaceLoop session, AsyncTask task, CoroutineControl control, List<object?> output)
    {
        PSVariable[] variables = captured is null ? [] : [.. captured.Select(static variable => new PSVariable(variable.Name, variable.Value))];
        if (source.Initialization is not { } initialization)
        {
            return NewFrame(session, task, control, output, source.Block, variables);
        }

        CoroutineFrame outer = NewFrame(session, task, control, output, initialization, variables);
        await initialization.Program.RunAsync(outer).ConfigureAwait(false);
        CoroutineFrame frame = NewFrame(session, task, control, output, source.Block, outer.SetVariables);
        frame.TakeScope(outer);
        return frame;
    }

    private CoroutineFrame NewFrame(
        RunspaceLoop session, AsyncTask task, CoroutineControl control, List<object?> output, CoroutineBlock block, IReadOnlyList<PSVariable> outer)
    {
        CoroutineProgram program = block.Program;
        var frame = new CoroutineFrame(session, control)
        {
            Task = task,
            Output = output,
            GroupContext = new GroupContext(task, Group: null),
            Arguments = block == source.Block ? source.Arguments : [],
            Underscore = Underscore,
            This = This,
            MayCallDirectly = block.MayCallDirectly,
            Program = program,
            Preferences = source.Preferences,
            Called = block.Called,
        };
        frame.DefineAutomatics(source.Started, Cmdlet);
        if (program.UsesBoundParameters)
        {
            frame.Define(new PSVariable(EngineNames.BoundParameters, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)));
        }

        if (UsingValues is not null)
        {
            frame.Define(new PSVariable(EngineNames.Using, new Hashtable { [AsyncJobs.Capture.UsingValues.Parameter] = UsingValues }));
        }

        frame.DefineVariables(source.Preferences.StrictVersion > 0, outer);
        if (source.Preferences.NewDefaultParameters() is { } defaults && !frame.TryGetVariable(defaults.Name, out _))
        {
            frame.Define(defaults);
        }

        DefineCommands(frame);
        return frame;
    }

    private void DefineCommands(CoroutineFrame frame)
    {
        if (source.Commands.Functions is { } functions)
        {
            foreach ((string name, ScriptBlock body) in functions)
            {
                frame.DefineFunction(name, body);
            }
        }

        if (source.Commands.Aliases is { } aliases)
        {
            foreach ((string name, string definition) in aliases)
            {
                frame.Aliases[name] = definition;
            }
        }
    }
}
