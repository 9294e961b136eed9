using System.Management.Automation.Runspaces;

namespace AsyncJobs.Coroutines;

/// <summary>What one coroutine begins with; used again for each attempt.</summary>
/// <param name="source">What is the same for all the tasks of a command.</param>
/// <param name="input">The pipeline object that it is for.</param>
/// <param name="captured">The caller's variables that it names.</param>
internal sealed class CoroutineStart(CoroutineSource source, object? input, List<(string Name, object? Value)>? captured)
{
    /// <summary>Its <c>$_</c>: the pipeline object, or without one the starter's.</summary>
    public object? Underscore { get; init; }

    /// <summary>The starter's <c>$PSCmdlet</c>, if the block looks at it.</summary>
    public object? Cmdlet { get; init; }

    /// <summary>The <c>$this</c> of the method that it is started in, if the block looks at it.</summary>
    public object? This { get; init; }

    /// <summary>Starts a coroutine: its first step runs here and now, unless it has to wait for a permit.</summary>
    /// <param name="starter">The cmdlet that starts it, for the streams of that step.</param>
    /// <param name="options">What is said of the task.</param>
    public AsyncTask Start(ILoopHost starter, TaskOptions options) => source.Session.RunFirstStep(
        starter, () => source.Session.Runner.Start(AsyncTaskKind.Coroutine, RunAsync, options, input));

    /// <summary>Runs one attempt; the first step on the calling thread if that is the session's.</summary>
    public async Task<object?> RunAsync(AsyncTask task, CancellationToken stop)
    {
        RunspaceLoop session = source.Session;
        var control = new CoroutineControl(session.Loop);
        if (session.IsDeep || !ReferenceEquals(Runspace.DefaultRunspace, session.Runspace))
        {
            // Coroutines that start each other in their first steps would stack up on the thread; or else
            // It had to wait for a permit or between attempts, and whoever ended that wait is on another thread.
            await control.YieldAsync();
        }

        task.Coroutine = control;
        if (task.IsCancellationRequested)
        {
            throw new OperationCanceledException();
        }

        using CancellationTokenRegistration timeUp = stop.UnsafeRegister(static state => ((CoroutineControl)state!).Cancel("its time is up"), control);
        CoroutineFrame frame = NewFrame(session, task, control);
        session.Loop.Steps.Name(frame);
        List<object?> output = frame.Output;
        (control.Written, task.OutputSource) = ((task, output), control);
        try
        {
            await source.Program.RunAsync(frame).ConfigureAwait(false);
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

    private CoroutineFrame NewFrame(RunspaceLoop session, AsyncTask task, CoroutineControl control)
    {
        var frame = new CoroutineFrame(session, control)
        {
            Task = task,
            GroupContext = new GroupContext(task, Group: null),
            Arguments = source.Arguments,
            Underscore = Underscore,
            This = This,
            MayCallDirectly = source.MayCallDirectly,
            Program = source.Program,
            Called = source.Called,
        };
        CoroutineProgram program = source.Program;
        frame.DefineAutomatics(source.Started, Cmdlet);
        if (program.UsesBoundParameters)
        {
            frame.Define(new PSVariable(EngineNames.BoundParameters, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)));
        }

        frame.DefineVariables(
            source.IsStrict, captured is null ? [] : [.. captured.Select(static variable => new PSVariable(variable.Name, variable.Value))]);
        foreach ((string name, ScriptBlock body) in source.Functions ?? [])
        {
            frame.DefineFunction(name, body);
        }

        return frame;
    }
}
