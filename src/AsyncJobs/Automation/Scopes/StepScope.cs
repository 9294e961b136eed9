namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// The scope that coroutines' steps are run from: that of the command which turns the loop, and of no coroutine's step
/// inside which the loop is turned once more. Else one coroutine would see the variables of another that happens to wait
/// in a function it calls. A pipeline that is kept open keeps the scope it was opened in.
/// </summary>
internal sealed class StepScope : IDisposable
{
    // Of the caller's session state and, where that is a module's, of the session's own.
    private readonly List<SteppablePipeline> _pipelines = [];

    /// <summary>Marks the scope that a command runs in.</summary>
    /// <param name="command">The command, which is running now.</param>
    /// <param name="global">The session's own state; null if that has not been seen.</param>
    public StepScope(PSCmdlet command, SessionState? global)
    {
        var context = (EngineIntrinsics)command.SessionState.PSVariable.GetValue("ExecutionContext");
        _pipelines.Add(Opened(context));
        if (command.SessionState.Module is not null && global is not null)
        {
            _pipelines.Add(SessionStateInvoker.Invoke(command.InvokeCommand, global, () => Opened(context)));
        }
    }

    /// <summary>Runs an action in that scope, and throws what it throws.</summary>
    public void Run(Action action)
    {
        var carried = new ExceptionRelay(action);
        Action run = carried.Run;
        foreach (SteppablePipeline pipeline in _pipelines)
        {
            Action inner = run;
            run = () => pipeline.Process(new PSObject(inner));
        }

        run();
        carried.Rethrow();
    }

    public void Dispose() => _pipelines.ForEach(static pipeline => pipeline.Dispose());

    private static SteppablePipeline Opened(EngineIntrinsics context)
    {
        SteppablePipeline pipeline = SessionStateInvoker.OfInput.GetSteppablePipeline(CommandOrigin.Internal);
        pipeline.Begin(expectInput: true, context);
        return pipeline;
    }
}
