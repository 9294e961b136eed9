namespace AsyncJobs;

/// <summary>
/// Register-AsyncCallback: runs a block on the loop when a task is done or after a time (asyncio's
/// <c>add_done_callback</c> and <c>call_later</c>).
/// </summary>
[Cmdlet(VerbsLifecycle.Register, "AsyncCallback", DefaultParameterSetName = "Task")]
[OutputType(typeof(CallbackRegistration))]
public sealed class RegisterAsyncCallbackCommand : LoopCommand
{
    /// <summary>What to wait for: a task, future, .NET task or job.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Task")]
    [AllowNull]
    [ArgumentCompleter(typeof(VariableCompleter<Future>))]
    public object? Task { get; set; }

    /// <summary>How long to wait.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "After")]
    [Seconds]
    public TimeSpan After { get; set; }

    /// <summary>The block; with -Task it gets the task as its argument. Runs in the scope it was written in.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock Action { get; set; } = null!;

    /// <summary>Registers one callback.</summary>
    protected override void ProcessRecord() =>
        WriteObject(ParameterSetName == "After" ? RegisterAfter() : RegisterDone());

    private CallbackRegistration RegisterAfter()
    {
        if (After < TimeSpan.Zero)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"-After is {After}; it cannot be negative.", ErrorIds.InvalidArgument, After));
        }

        ScriptBlock action = Action;
        Action<object[]> run = Bound(action);
        CallbackRegistration? registration = null;
        IDisposable? timer = null;
        registration = new CallbackRegistration(() => timer?.Dispose(), action);
        EventLoop loop = Session.Loop;
        timer = loop.CallLater(After, () => RunOnce(loop, registration, run));
        return registration;
    }

    private CallbackRegistration RegisterDone()
    {
        if (!Awaitables.TryAdapt(Session, Task, new TaskOptions { Origin = Origin }, out Future? future))
        {
            ThrowTerminatingError(ErrorRecords.NotAwaitable(Task));
            throw new InvalidOperationException("unreachable");
        }

        ScriptBlock action = Action;
        Action<object[]> run = Bound(action);
        EventLoop loop = Session.Loop;
        CallbackRegistration? registration = null;

        // Posted to this session's loop: the block is bound to this runspace, wherever the task belongs.
        Action<Future> whenDone = done => loop.Post(() => RunOnce(loop, registration!, run, done));
        registration = new CallbackRegistration(() => future.RemoveContinuation(whenDone), action) { Over = () => loop.Expect(-1) };
        loop.Expect(1);
        future.MarkObserved();
        future.OnCompleted(whenDone);
        return registration;
    }

    /// <summary>Runs the action where it sees what it sees here.</summary>
    private Action<object[]> Bound(ScriptBlock action)
    {
        CallbackScope? scope = CallbackScope.For(this, Session, action);
        return arguments =>
        {
            if (scope is null)
            {
                action.InvokeReturnAsIs(arguments);
            }
            else
            {
                scope.Run(() => action.InvokeReturnAsIs(arguments));
            }
        };
    }

    private static void RunOnce(EventLoop loop, CallbackRegistration registration, Action<object[]> run, params object[] arguments)
    {
        if (registration.TryBegin())
        {
            loop.Steps.Name(registration);
            run(arguments);
        }
    }
}
